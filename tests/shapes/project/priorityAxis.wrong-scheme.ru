# breaks: pfs:Project-priorityAxis
DELETE { project:S2 pf:priorityAxis ?value }
INSERT { project:S2 pf:priorityAxis role:applicant }
WHERE { project:S2 pf:priorityAxis ?value }
