# breaks: pfs:SourceRecord-spatial
INSERT DATA { source-record:S1-register dct:spatial place:undated . place:undated a dct:Location ; skos:prefLabel "Lappi"@fi ; skos:closeMatch nuts:FI1D7 }
