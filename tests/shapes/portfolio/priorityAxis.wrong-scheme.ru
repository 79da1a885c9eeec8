# breaks: pfs:Portfolio-priorityAxis
DELETE { portfolio:p pf:priorityAxis ?value }
INSERT { portfolio:p pf:priorityAxis role:applicant }
WHERE { portfolio:p pf:priorityAxis ?value }
