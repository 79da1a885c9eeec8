# breaks: pfs:Outcome-title
DELETE { outcome:S1-practices dct:title ?value }
INSERT { outcome:S1-practices dct:title "ilman kieltä" }
WHERE { outcome:S1-practices dct:title ?value }
