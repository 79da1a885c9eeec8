# breaks: pfs:Place-prefLabel
INSERT DATA { place:turku-region skos:prefLabel "toinen"@fi , "kolmas"@fi }
