# breaks: pfs:Funding-fund
DELETE { funding:S1-paid pf:fund ?value }
INSERT { funding:S1-paid pf:fund <https://example.org/ESF> }
WHERE { funding:S1-paid pf:fund ?value }
