# breaks: pfs:Portfolio-fund
DELETE { portfolio:p pf:fund ?value }
INSERT { portfolio:p pf:fund <https://example.org/ESF> }
WHERE { portfolio:p pf:fund ?value }
