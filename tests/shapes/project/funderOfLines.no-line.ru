# breaks: pfs:Project-funderOfLines
INSERT DATA { project:S2 pf:funder organisation:other . organisation:other a org:Organization , pf:Funder ; foaf:name "Muu"@fi }
