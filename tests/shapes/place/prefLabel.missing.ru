# breaks: pfs:Place-prefLabel
DELETE WHERE { place:turku-region skos:prefLabel ?value }
