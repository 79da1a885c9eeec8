# breaks: pfs:SourceRecord-endYear
DELETE { source-record:S1-register pf:endYear ?year }
INSERT { source-record:S1-register pf:endYear ?text }
WHERE { source-record:S1-register pf:endYear ?year . BIND(STR(?year) AS ?text) }
