# breaks: pfs:SourceRecord-startYearOfDate
DELETE { source-record:S1-register pf:startYear ?value }
INSERT { source-record:S1-register pf:startYear "2013"^^xsd:gYear }
WHERE { source-record:S1-register pf:startYear ?value }
