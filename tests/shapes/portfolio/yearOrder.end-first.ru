# breaks: pfs:Portfolio-yearOrder
DELETE { portfolio:p pf:startDate ?start ; pf:endDate ?end ; pf:startYear ?y1 ; pf:endYear ?y2 }
INSERT { portfolio:p pf:startYear "2018"^^xsd:gYear ; pf:endYear "2017"^^xsd:gYear }
WHERE { portfolio:p pf:startDate ?start ; pf:endDate ?end ; pf:startYear ?y1 ; pf:endYear ?y2 }
