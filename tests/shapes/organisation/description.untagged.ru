# breaks: pfs:Organisation-description
DELETE { organisation:FI-0292800-5 dct:description ?value }
INSERT { organisation:FI-0292800-5 dct:description "ilman kieltä" }
WHERE { organisation:FI-0292800-5 dct:description ?value }
