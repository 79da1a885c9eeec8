# breaks: pfs:Continuation-title
DELETE { continuation:S1-model dct:title ?value }
INSERT { continuation:S1-model dct:title "ilman kieltä" }
WHERE { continuation:S1-model dct:title ?value }
