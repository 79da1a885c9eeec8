# breaks: pfs:RegionalLink-spatial
INSERT DATA { regional-link:S1-cities dct:spatial "Helsinki" }
