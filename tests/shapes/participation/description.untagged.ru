# breaks: pfs:Participation-description
DELETE { participation:S1-partner dct:description ?value }
INSERT { participation:S1-partner dct:description "ilman kieltä" }
WHERE { participation:S1-partner dct:description ?value }
