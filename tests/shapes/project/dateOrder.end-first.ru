# breaks: pfs:Project-dateOrder
DELETE { project:S2 pf:startDate ?start ; pf:endDate ?end ; pf:startYear ?y1 ; pf:endYear ?y2 }
INSERT { project:S2 pf:startDate "2017-05-02"^^xsd:date ; pf:endDate "2017-05-01"^^xsd:date ; pf:startYear "2017"^^xsd:gYear ; pf:endYear "2017"^^xsd:gYear }
WHERE { project:S2 pf:startDate ?start ; pf:endDate ?end ; pf:startYear ?y1 ; pf:endYear ?y2 }
