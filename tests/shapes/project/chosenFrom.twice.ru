# breaks: pfs:Project-chosenFrom
INSERT DATA { project:S2 pf:chosenFrom source-record:S2-form ; pf:sourceRecord source-record:S2-form . source-record:S2-form a pf:SourceRecord ; foaf:primaryTopic project:S2 ; dct:source source:form }
