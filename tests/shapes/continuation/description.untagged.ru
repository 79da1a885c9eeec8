# breaks: pfs:Continuation-description
DELETE { continuation:S1-model dct:description ?value }
INSERT { continuation:S1-model dct:description "ilman kieltä" }
WHERE { continuation:S1-model dct:description ?value }
