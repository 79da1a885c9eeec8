# breaks: pfs:RegionalLink-title
DELETE WHERE { regional-link:S1-cities dct:title ?value }
