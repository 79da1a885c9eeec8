# breaks: pfs:Project-identifier
INSERT DATA { project:S2 dct:identifier "S3" }
