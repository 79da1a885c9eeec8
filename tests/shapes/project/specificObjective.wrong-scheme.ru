# breaks: pfs:Project-specificObjective
DELETE { project:S2 pf:specificObjective ?value }
INSERT { project:S2 pf:specificObjective role:applicant }
WHERE { project:S2 pf:specificObjective ?value }
