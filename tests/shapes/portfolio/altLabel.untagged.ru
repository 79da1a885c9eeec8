# breaks: pfs:Portfolio-altLabel
DELETE { portfolio:p skos:altLabel ?value }
INSERT { portfolio:p skos:altLabel "ilman kieltä" }
WHERE { portfolio:p skos:altLabel ?value }
