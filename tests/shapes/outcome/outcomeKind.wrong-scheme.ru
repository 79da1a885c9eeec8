# breaks: pfs:Outcome-outcomeKind
DELETE { outcome:S1-practices pf:outcomeKind ?value }
INSERT { outcome:S1-practices pf:outcomeKind role:applicant }
WHERE { outcome:S1-practices pf:outcomeKind ?value }
