# breaks: pfs:Outcome-name
DELETE { outcome:S1-practices foaf:name ?value }
INSERT { outcome:S1-practices foaf:name "ilman kieltä" }
WHERE { outcome:S1-practices foaf:name ?value }
