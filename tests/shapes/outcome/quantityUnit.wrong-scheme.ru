# breaks: pfs:Outcome-quantityUnit
DELETE { outcome:S1-practices pf:quantityUnit ?value }
INSERT { outcome:S1-practices pf:quantityUnit role:applicant }
WHERE { outcome:S1-practices pf:quantityUnit ?value }
