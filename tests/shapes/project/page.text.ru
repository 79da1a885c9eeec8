# breaks: pfs:Project-page
INSERT DATA { project:S2 foaf:page "www.example.org" }
