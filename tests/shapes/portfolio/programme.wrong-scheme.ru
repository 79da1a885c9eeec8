# breaks: pfs:Portfolio-programme
DELETE { portfolio:p pf:programme ?value }
INSERT { portfolio:p pf:programme role:applicant }
WHERE { portfolio:p pf:programme ?value }
