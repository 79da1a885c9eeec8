# breaks: pfs:Organisation-homepage
INSERT DATA { organisation:FI-0292800-5 foaf:homepage <https://example.org/toinen-sivu> }
