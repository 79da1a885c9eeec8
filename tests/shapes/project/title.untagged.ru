# breaks: pfs:Project-title
DELETE { project:S2 dct:title ?value }
INSERT { project:S2 dct:title "ilman kieltä" }
WHERE { project:S2 dct:title ?value }
