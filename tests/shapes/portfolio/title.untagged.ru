# breaks: pfs:Portfolio-title
DELETE { portfolio:p dct:title ?value }
INSERT { portfolio:p dct:title "ilman kieltä" }
WHERE { portfolio:p dct:title ?value }
