# breaks: pfs:Source-title
INSERT DATA { source:register dct:title "toinen"@fi , "kolmas"@fi }
