# breaks: pfs:Portfolio-funder
INSERT DATA { portfolio:p pf:funder organisation:other . organisation:other a org:Organization ; foaf:name "Muu"@fi }
