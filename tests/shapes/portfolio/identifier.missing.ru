# breaks: pfs:Portfolio-identifier
DELETE WHERE { portfolio:p dct:identifier ?value }
