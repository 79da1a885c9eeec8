# breaks: pfs:SourceRecord-identifier
DELETE { source-record:S1-register dct:identifier ?value }
INSERT { source-record:S1-register dct:identifier "S 1" }
WHERE { source-record:S1-register dct:identifier ?value }
