# breaks: pfs:Project-title
INSERT DATA { project:S2 dct:title "toinen"@fi , "kolmas"@fi }
