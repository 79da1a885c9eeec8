# breaks: pfs:Challenge-title
DELETE { challenge:p-one dct:title ?value }
INSERT { challenge:p-one dct:title "ilman kieltä" }
WHERE { challenge:p-one dct:title ?value }
