# breaks: pfs:TargetGroup-prefLabel
INSERT DATA { <https://example.org/p/id/target-group/own> skos:prefLabel "toinen"@fi , "kolmas"@fi }
