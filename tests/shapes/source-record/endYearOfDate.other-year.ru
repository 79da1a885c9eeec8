# breaks: pfs:SourceRecord-endYearOfDate
DELETE { source-record:S1-register pf:endYear ?value }
INSERT { source-record:S1-register pf:endYear "2030"^^xsd:gYear }
WHERE { source-record:S1-register pf:endYear ?value }
