# breaks: pfs:Continuation-spatial
INSERT DATA { continuation:S1-model dct:spatial place:undated . place:undated a dct:Location ; skos:prefLabel "Lappi"@fi ; skos:closeMatch nuts:FI1D7 }
