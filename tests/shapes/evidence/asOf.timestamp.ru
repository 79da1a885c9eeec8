# breaks: pfs:Evidence-asOf
DELETE { evidence:S1-words pf:asOf ?value }
INSERT { evidence:S1-words pf:asOf "2019-03-31T00:00:00Z"^^xsd:dateTime }
WHERE { evidence:S1-words pf:asOf ?value }
