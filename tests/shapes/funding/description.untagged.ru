# breaks: pfs:Funding-description
DELETE { funding:S1-paid dct:description ?value }
INSERT { funding:S1-paid dct:description "ilman kieltä" }
WHERE { funding:S1-paid dct:description ?value }
