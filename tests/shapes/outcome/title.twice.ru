# breaks: pfs:Outcome-title
INSERT DATA { outcome:S1-practices dct:title "toinen"@fi , "kolmas"@fi }
