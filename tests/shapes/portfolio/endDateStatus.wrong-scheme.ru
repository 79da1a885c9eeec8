# breaks: pfs:Portfolio-endDateStatus
DELETE { portfolio:p pf:endDateStatus ?value }
INSERT { portfolio:p pf:endDateStatus role:applicant }
WHERE { portfolio:p pf:endDateStatus ?value }
