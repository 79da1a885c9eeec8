# breaks: pfs:SourceRecord-source
DELETE { source-record:S1-register dct:source ?value }
INSERT { source-record:S1-register dct:source <https://example.org/p/unknown> }
WHERE { source-record:S1-register dct:source ?value }
