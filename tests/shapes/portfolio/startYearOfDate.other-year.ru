# breaks: pfs:Portfolio-startYearOfDate
DELETE { portfolio:p pf:startYear ?value }
INSERT { portfolio:p pf:startYear "2013"^^xsd:gYear }
WHERE { portfolio:p pf:startYear ?value }
