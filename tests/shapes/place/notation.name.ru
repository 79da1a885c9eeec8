# breaks: pfs:Place-notation
DELETE { place:turku-region skos:notation ?value }
INSERT { place:turku-region skos:notation "Varsinais-Suomi" }
WHERE { place:turku-region skos:notation ?value }
