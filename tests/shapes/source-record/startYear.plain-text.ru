# breaks: pfs:SourceRecord-startYear
DELETE { source-record:S1-register pf:startYear ?year }
INSERT { source-record:S1-register pf:startYear ?text }
WHERE { source-record:S1-register pf:startYear ?year . BIND(STR(?year) AS ?text) }
