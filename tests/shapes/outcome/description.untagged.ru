# breaks: pfs:Outcome-description
DELETE { outcome:S1-practices dct:description ?value }
INSERT { outcome:S1-practices dct:description "ilman kieltä" }
WHERE { outcome:S1-practices dct:description ?value }
