# breaks: pfs:Source-title
DELETE { source:register dct:title ?value }
INSERT { source:register dct:title "ilman kieltä" }
WHERE { source:register dct:title ?value }
