# breaks: pfs:Project-spatial
INSERT DATA { project:S2 dct:spatial place:undated . place:undated a dct:Location ; skos:prefLabel "Lappi"@fi ; skos:closeMatch nuts:FI1D7 }
