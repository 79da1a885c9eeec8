# breaks: pfs:RegionalLink-areaOrPlace
DELETE WHERE { regional-link:S1-cities pf:areaKind ?area ; dct:spatial ?place }
