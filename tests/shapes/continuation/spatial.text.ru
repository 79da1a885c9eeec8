# breaks: pfs:Continuation-spatial
INSERT DATA { continuation:S1-model dct:spatial "Helsinki" }
