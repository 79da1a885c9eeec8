# breaks: pfs:SourceRecord-funding
INSERT DATA { source-record:S1-register pf:funding <https://example.org/p/unknown> }
