# breaks: pfs:SourceRecord-yearOrder
DELETE { source-record:S1-register pf:startDate ?start ; pf:endDate ?end ; pf:startYear ?y1 ; pf:endYear ?y2 }
INSERT { source-record:S1-register pf:startYear "2018"^^xsd:gYear ; pf:endYear "2017"^^xsd:gYear }
WHERE { source-record:S1-register pf:startDate ?start ; pf:endDate ?end ; pf:startYear ?y1 ; pf:endYear ?y2 }
