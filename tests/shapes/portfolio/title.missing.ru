# breaks: pfs:Portfolio-title
DELETE WHERE { portfolio:p dct:title ?value }
