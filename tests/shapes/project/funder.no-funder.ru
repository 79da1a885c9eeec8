# breaks: pfs:Project-funder
# and so: pfs:Project-funderOfLines
INSERT DATA { project:S2 pf:funder organisation:other . organisation:other a org:Organization ; foaf:name "Muu"@fi }
