# breaks: pfs:Evidence-documentPart
DELETE { evidence:S1-words pf:documentPart ?value }
INSERT { evidence:S1-words pf:documentPart <https://example.org/p/unknown> }
WHERE { evidence:S1-words pf:documentPart ?value }
