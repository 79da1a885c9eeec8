# breaks: pfs:Continuation-title
INSERT DATA { continuation:S1-model dct:title "toinen"@fi , "kolmas"@fi }
