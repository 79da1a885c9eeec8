# breaks: pfs:Project-spatial
INSERT DATA { project:S2 dct:spatial "Helsinki" }
