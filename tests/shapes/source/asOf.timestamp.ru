# breaks: pfs:Source-asOf
DELETE { source:register pf:asOf ?value }
INSERT { source:register pf:asOf "2019-03-31T00:00:00Z"^^xsd:dateTime }
WHERE { source:register pf:asOf ?value }
