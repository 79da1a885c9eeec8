# breaks: pfs:Source-page
INSERT DATA { source:register foaf:page "www.example.org" }
