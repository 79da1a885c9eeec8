# breaks: pfs:Project-endYearOfDate
DELETE { project:S2 pf:endYear ?value }
INSERT { project:S2 pf:endYear "2030"^^xsd:gYear }
WHERE { project:S2 pf:endYear ?value }
