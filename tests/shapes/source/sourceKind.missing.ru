# breaks: pfs:Source-sourceKind
DELETE WHERE { source:register pf:sourceKind ?value }
