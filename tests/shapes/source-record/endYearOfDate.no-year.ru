# breaks: pfs:SourceRecord-endYearOfDate
DELETE WHERE { source-record:S1-register pf:endYear ?value }
