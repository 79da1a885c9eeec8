# breaks: pfs:Portfolio-description
DELETE { portfolio:p dct:description ?value }
INSERT { portfolio:p dct:description "ilman kieltä" }
WHERE { portfolio:p dct:description ?value }
