# breaks: pfs:Organisation-altLabel
DELETE { organisation:FI-0292800-5 skos:altLabel ?value }
INSERT { organisation:FI-0292800-5 skos:altLabel "EY" }
WHERE { organisation:FI-0292800-5 skos:altLabel ?value }
