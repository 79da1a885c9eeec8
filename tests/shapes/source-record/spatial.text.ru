# breaks: pfs:SourceRecord-spatial
INSERT DATA { source-record:S1-register dct:spatial "Helsinki" }
