# breaks: pfs:RegionalLink-description
DELETE { regional-link:S1-cities dct:description ?value }
INSERT { regional-link:S1-cities dct:description "ilman kieltä" }
WHERE { regional-link:S1-cities dct:description ?value }
