# breaks: pfs:SourceRecord-responsibleAuthority
DELETE { source-record:S1-register pf:responsibleAuthority ?value }
INSERT { source-record:S1-register pf:responsibleAuthority organisation:bare . organisation:bare foaf:name "Tyypitön"@fi }
WHERE { source-record:S1-register pf:responsibleAuthority ?value }
