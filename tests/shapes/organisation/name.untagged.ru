# breaks: pfs:Organisation-name
DELETE { organisation:FI-0292800-5 foaf:name ?value }
INSERT { organisation:FI-0292800-5 foaf:name "ilman kieltä" }
WHERE { organisation:FI-0292800-5 foaf:name ?value }
