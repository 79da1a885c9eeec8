# breaks: pfs:Portfolio-spatial
INSERT DATA { portfolio:p dct:spatial place:undated . place:undated a dct:Location ; skos:prefLabel "Lappi"@fi ; skos:closeMatch nuts:FI1D7 }
