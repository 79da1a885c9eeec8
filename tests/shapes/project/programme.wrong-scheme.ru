# breaks: pfs:Project-programme
DELETE { project:S2 pf:programme ?value }
INSERT { project:S2 pf:programme role:applicant }
WHERE { project:S2 pf:programme ?value }
