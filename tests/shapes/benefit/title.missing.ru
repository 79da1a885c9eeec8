# breaks: pfs:Benefit-title
DELETE WHERE { benefit:p-one dct:title ?value }
