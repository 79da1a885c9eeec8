# breaks: pfs:Evidence-documentPart
INSERT DATA { evidence:S1-words pf:documentPart source:report-end . source:report-end a pf:DocumentPart ; dct:title "Loppu"@fi ; dct:isPartOf source:report .
    source:report dct:hasPart source:report-end }
