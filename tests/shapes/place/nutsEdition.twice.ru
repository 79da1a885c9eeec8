# breaks: pfs:Place-nutsEdition
INSERT DATA { place:turku-region pf:nutsEdition "2024"^^xsd:gYear }
