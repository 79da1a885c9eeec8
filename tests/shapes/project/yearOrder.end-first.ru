# breaks: pfs:Project-yearOrder
DELETE { project:S2 pf:startDate ?start ; pf:endDate ?end ; pf:startYear ?y1 ; pf:endYear ?y2 }
INSERT { project:S2 pf:startYear "2018"^^xsd:gYear ; pf:endYear "2017"^^xsd:gYear }
WHERE { project:S2 pf:startDate ?start ; pf:endDate ?end ; pf:startYear ?y1 ; pf:endYear ?y2 }
