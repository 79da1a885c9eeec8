# breaks: pfs:Source-sourceKind
DELETE { source:register pf:sourceKind ?value }
INSERT { source:register pf:sourceKind role:applicant }
WHERE { source:register pf:sourceKind ?value }
