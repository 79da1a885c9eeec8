# breaks: pfs:Place-nutsEdition
DELETE { place:turku-region pf:nutsEdition ?value }
INSERT { place:turku-region pf:nutsEdition "2020"^^xsd:gYear }
WHERE { place:turku-region pf:nutsEdition ?value }
