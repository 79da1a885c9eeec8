# breaks: pfs:SourceRecord-page
INSERT DATA { source-record:S1-register foaf:page "www.example.org" }
