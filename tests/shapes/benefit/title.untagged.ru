# breaks: pfs:Benefit-title
DELETE { benefit:p-one dct:title ?value }
INSERT { benefit:p-one dct:title "ilman kieltä" }
WHERE { benefit:p-one dct:title ?value }
