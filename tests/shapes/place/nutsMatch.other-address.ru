# breaks: pfs:Place-nutsMatch
DELETE { place:turku-region skos:closeMatch ?value }
INSERT { place:turku-region skos:closeMatch yso:p94399 }
WHERE { place:turku-region skos:closeMatch ?value }
