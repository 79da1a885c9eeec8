# breaks: pfs:Funding-funder
DELETE DATA { project:S1 pf:funding funding:S1-paid } ;
INSERT DATA { source-record:S1 a pf:SourceRecord ; foaf:primaryTopic project:S1 ; dct:source source:form ; pf:funding funding:S1-paid .
    project:S1 pf:sourceRecord source-record:S1 . funding:S1-paid pf:funder organisation:other . organisation:other a org:Organization ; foaf:name "Muu"@fi }
