# breaks: pfs:RegionalLink-title
DELETE { regional-link:S1-cities dct:title ?value }
INSERT { regional-link:S1-cities dct:title "ilman kieltä" }
WHERE { regional-link:S1-cities dct:title ?value }
