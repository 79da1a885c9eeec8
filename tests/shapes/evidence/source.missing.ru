# breaks: pfs:Evidence-source
DELETE DATA { evidence:S1-words dct:source source:report ; pf:documentPart source:report-summary }
