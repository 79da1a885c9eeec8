# breaks: pfs:Portfolio-spatial
INSERT DATA { portfolio:p dct:spatial "Helsinki" }
