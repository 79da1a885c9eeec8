# breaks: pfs:Challenge-title
INSERT DATA { challenge:p-one dct:title "toinen"@fi , "kolmas"@fi }
