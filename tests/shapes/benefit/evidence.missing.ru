# breaks: pfs:Benefit-evidence
DELETE WHERE { benefit:p-one pf:evidence ?value }
