# breaks: pfs:SourceRecord-title
DELETE { source-record:S1-register dct:title ?value }
INSERT { source-record:S1-register dct:title "ilman kieltä" }
WHERE { source-record:S1-register dct:title ?value }
