# breaks: pfs:SourceRecord-primaryTopic
DELETE DATA { source-record:S1-register foaf:primaryTopic project:S1 . project:S1 pf:sourceRecord source-record:S1-register }
