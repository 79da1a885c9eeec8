# breaks: pfs:Funding-asOf
DELETE { funding:S1-paid pf:asOf ?value }
INSERT { funding:S1-paid pf:asOf "2019-03-31T00:00:00Z"^^xsd:dateTime }
WHERE { funding:S1-paid pf:asOf ?value }
