# breaks: pfs:RegionalLink-spatial
INSERT DATA { regional-link:S1-cities dct:spatial place:undated . place:undated a dct:Location ; skos:prefLabel "Lappi"@fi ; skos:closeMatch nuts:FI1D7 }
