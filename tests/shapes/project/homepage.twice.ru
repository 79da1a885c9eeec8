# breaks: pfs:Project-homepage
INSERT DATA { project:S2 foaf:homepage <https://example.org/toinen-sivu> }
