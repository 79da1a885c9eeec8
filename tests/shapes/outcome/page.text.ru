# breaks: pfs:Outcome-page
INSERT DATA { outcome:S1-practices foaf:page "www.example.org" }
