# breaks: pfs:Challenge-title
DELETE WHERE { challenge:p-one dct:title ?value }
