# breaks: pfs:Project-startYearOfDate
DELETE { project:S2 pf:startYear ?value }
INSERT { project:S2 pf:startYear "2013"^^xsd:gYear }
WHERE { project:S2 pf:startYear ?value }
