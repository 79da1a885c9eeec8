# breaks: pfs:Evidence-partOfSource
DELETE { evidence:S1-words dct:source ?value }
INSERT { evidence:S1-words dct:source source:form }
WHERE { evidence:S1-words dct:source ?value }
