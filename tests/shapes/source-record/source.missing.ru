# breaks: pfs:SourceRecord-source
DELETE WHERE { source-record:S1-register dct:source ?value }
