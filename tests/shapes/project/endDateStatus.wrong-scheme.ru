# breaks: pfs:Project-endDateStatus
DELETE { project:S2 pf:endDateStatus ?value }
INSERT { project:S2 pf:endDateStatus role:applicant }
WHERE { project:S2 pf:endDateStatus ?value }
