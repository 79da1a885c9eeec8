# breaks: pfs:Place-prefLabel
DELETE { place:turku-region skos:prefLabel ?value }
INSERT { place:turku-region skos:prefLabel "ilman kieltä" }
WHERE { place:turku-region skos:prefLabel ?value }
