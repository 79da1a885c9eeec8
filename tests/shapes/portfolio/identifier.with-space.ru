# breaks: pfs:Portfolio-identifier
DELETE { portfolio:p dct:identifier ?value }
INSERT { portfolio:p dct:identifier "p 1" }
WHERE { portfolio:p dct:identifier ?value }
