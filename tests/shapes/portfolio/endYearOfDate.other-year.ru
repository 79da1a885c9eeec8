# breaks: pfs:Portfolio-endYearOfDate
DELETE { portfolio:p pf:endYear ?value }
INSERT { portfolio:p pf:endYear "2030"^^xsd:gYear }
WHERE { portfolio:p pf:endYear ?value }
