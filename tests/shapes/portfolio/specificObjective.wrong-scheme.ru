# breaks: pfs:Portfolio-specificObjective
DELETE { portfolio:p pf:specificObjective ?value }
INSERT { portfolio:p pf:specificObjective role:applicant }
WHERE { portfolio:p pf:specificObjective ?value }
