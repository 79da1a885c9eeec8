# breaks: pfs:Project-title
DELETE WHERE { project:S2 dct:title ?value }
