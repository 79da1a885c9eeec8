# breaks: pfs:Project-description
DELETE { project:S2 dct:description ?value }
INSERT { project:S2 dct:description "ilman kieltä" }
WHERE { project:S2 dct:description ?value }
