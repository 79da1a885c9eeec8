# breaks: pfs:Challenge-description
DELETE { challenge:p-one dct:description ?value }
INSERT { challenge:p-one dct:description "ilman kieltä" }
WHERE { challenge:p-one dct:description ?value }
