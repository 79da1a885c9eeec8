# breaks: pfs:Outcome-title
DELETE WHERE { outcome:S1-practices dct:title ?value }
