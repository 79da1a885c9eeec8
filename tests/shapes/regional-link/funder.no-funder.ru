# breaks: pfs:RegionalLink-funder
INSERT DATA { regional-link:S1-cities pf:funder organisation:other . organisation:other a org:Organization ; foaf:name "Muu"@fi }
