# breaks: pfs:DocumentPart-title
DELETE WHERE { source:form-results dct:title ?value }
