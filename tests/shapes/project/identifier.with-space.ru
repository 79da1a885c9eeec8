# breaks: pfs:Project-identifier
DELETE { project:S2 dct:identifier ?value }
INSERT { project:S2 dct:identifier "S 2" }
WHERE { project:S2 dct:identifier ?value }
