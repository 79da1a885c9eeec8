# breaks: pfs:SourceRecord-fund
DELETE { source-record:S1-register pf:fund ?value }
INSERT { source-record:S1-register pf:fund <https://example.org/ESF> }
WHERE { source-record:S1-register pf:fund ?value }
