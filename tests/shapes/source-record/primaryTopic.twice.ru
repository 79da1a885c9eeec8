# breaks: pfs:SourceRecord-primaryTopic
DELETE { source-record:S1-register foaf:primaryTopic ?value }
INSERT { source-record:S1-register foaf:primaryTopic project:S1 , <https://example.org/p/unknown> }
WHERE { source-record:S1-register foaf:primaryTopic ?value }
