# breaks: pfs:DocumentPart-title
DELETE { source:form-results dct:title ?value }
INSERT { source:form-results dct:title "ilman kieltä" }
WHERE { source:form-results dct:title ?value }
