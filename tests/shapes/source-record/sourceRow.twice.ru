# breaks: pfs:SourceRecord-sourceRow
INSERT DATA { source-record:S1-register pf:sourceRow "13" }
