# breaks: pfs:Place-notation
DELETE WHERE { place:turku-region skos:notation ?value }
