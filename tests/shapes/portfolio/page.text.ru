# breaks: pfs:Portfolio-page
INSERT DATA { portfolio:p foaf:page "www.example.org" }
