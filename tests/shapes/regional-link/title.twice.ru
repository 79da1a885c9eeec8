# breaks: pfs:RegionalLink-title
INSERT DATA { regional-link:S1-cities dct:title "toinen"@fi , "kolmas"@fi }
