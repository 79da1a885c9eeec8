# breaks: pfs:Source-language
DELETE { source:register dct:language ?value }
INSERT { source:register dct:language "fi" }
WHERE { source:register dct:language ?value }
