# breaks: pfs:Project-funderOfLines
INSERT DATA { funding:S2-state pf:funder organisation:other . organisation:other a org:Organization , pf:Funder ; foaf:name "Muu"@fi }
