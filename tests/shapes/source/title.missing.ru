# breaks: pfs:Source-title
DELETE WHERE { source:register dct:title ?value }
