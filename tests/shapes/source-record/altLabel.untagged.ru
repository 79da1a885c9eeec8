# breaks: pfs:SourceRecord-altLabel
DELETE { source-record:S1-register skos:altLabel ?value }
INSERT { source-record:S1-register skos:altLabel "ilman kieltä" }
WHERE { source-record:S1-register skos:altLabel ?value }
