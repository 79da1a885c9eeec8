# breaks: pfs:Project-fund
DELETE { project:S2 pf:fund ?value }
INSERT { project:S2 pf:fund <https://example.org/ESF> }
WHERE { project:S2 pf:fund ?value }
