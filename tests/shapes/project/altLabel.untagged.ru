# breaks: pfs:Project-altLabel
DELETE { project:S2 skos:altLabel ?value }
INSERT { project:S2 skos:altLabel "ilman kieltä" }
WHERE { project:S2 skos:altLabel ?value }
