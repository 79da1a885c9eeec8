# breaks: pfs:Portfolio-title
INSERT DATA { portfolio:p dct:title "toinen"@fi , "kolmas"@fi }
