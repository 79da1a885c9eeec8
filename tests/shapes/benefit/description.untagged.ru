# breaks: pfs:Benefit-description
DELETE { benefit:p-one dct:description ?value }
INSERT { benefit:p-one dct:description "ilman kieltä" }
WHERE { benefit:p-one dct:description ?value }
