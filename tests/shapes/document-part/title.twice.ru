# breaks: pfs:DocumentPart-title
INSERT DATA { source:form-results dct:title "toinen"@fi , "kolmas"@fi }
