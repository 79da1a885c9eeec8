# breaks: pfs:Organisation-name
DELETE WHERE { organisation:FI-0292800-5 foaf:name ?value }
