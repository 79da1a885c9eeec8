# breaks: pfs:Source-language
DELETE WHERE { source:register dct:language ?value }
