# breaks: pfs:Continuation-title
DELETE WHERE { continuation:S1-model dct:title ?value }
