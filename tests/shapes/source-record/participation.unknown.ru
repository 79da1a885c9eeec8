# breaks: pfs:SourceRecord-participation
INSERT DATA { source-record:S1-register pf:participation <https://example.org/p/unknown> }
