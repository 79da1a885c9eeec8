# breaks: pfs:DocumentPart-isPartOf
DELETE DATA { source:form-results dct:isPartOf source:form . source:form dct:hasPart source:form-results }
