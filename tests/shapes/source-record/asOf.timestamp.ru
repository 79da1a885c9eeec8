# breaks: pfs:SourceRecord-asOf
DELETE { source-record:S1-register pf:asOf ?value }
INSERT { source-record:S1-register pf:asOf "2019-03-31T00:00:00Z"^^xsd:dateTime }
WHERE { source-record:S1-register pf:asOf ?value }
