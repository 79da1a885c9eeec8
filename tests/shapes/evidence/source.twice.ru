# breaks: pfs:Evidence-source
INSERT DATA { evidence:S1-words dct:source source:form }
