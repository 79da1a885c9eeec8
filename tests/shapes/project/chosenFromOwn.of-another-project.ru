# breaks: pfs:Project-chosenFromOwn
DELETE DATA { project:S2 pf:chosenFrom source-record:S2-register } ;
INSERT DATA { project:S2 pf:chosenFrom source-record:S1-form . project:S1 pf:sourceRecord source-record:S1-form .
    source-record:S1-form a pf:SourceRecord ; foaf:primaryTopic project:S1 ; dct:source source:form }
