# breaks: pfs:SourceRecord-sourceRow
DELETE { source-record:S1-register pf:sourceRow ?value }
INSERT { source-record:S1-register pf:sourceRow 12 }
WHERE { source-record:S1-register pf:sourceRow ?value }
