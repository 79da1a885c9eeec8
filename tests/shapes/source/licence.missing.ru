# breaks: pfs:Source-licence
DELETE WHERE { source:register dct:license ?value }
