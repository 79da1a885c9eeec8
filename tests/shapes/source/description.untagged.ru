# breaks: pfs:Source-description
DELETE { source:register dct:description ?value }
INSERT { source:register dct:description "ilman kieltä" }
WHERE { source:register dct:description ?value }
