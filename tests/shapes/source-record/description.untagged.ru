# breaks: pfs:SourceRecord-description
DELETE { source-record:S1-register dct:description ?value }
INSERT { source-record:S1-register dct:description "ilman kieltä" }
WHERE { source-record:S1-register dct:description ?value }
