# breaks: pfs:DocumentPart-isPartOf
DELETE { source:form-results dct:isPartOf ?value }
INSERT { source:form-results dct:isPartOf source:form , <https://example.org/p/unknown> }
WHERE { source:form-results dct:isPartOf ?value }
