# breaks: pfs:Source-licence
DELETE { source:register dct:license ?value }
INSERT { source:register dct:license "CC BY 4.0" }
WHERE { source:register dct:license ?value }
