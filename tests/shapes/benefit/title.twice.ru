# breaks: pfs:Benefit-title
INSERT DATA { benefit:p-one dct:title "toinen"@fi , "kolmas"@fi }
