# breaks: pfs:Outcome-quantityQualifier
DELETE { outcome:S1-practices pf:quantityQualifier ?value }
INSERT { outcome:S1-practices pf:quantityQualifier role:applicant }
WHERE { outcome:S1-practices pf:quantityQualifier ?value }
