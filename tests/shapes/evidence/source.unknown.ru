# breaks: pfs:Evidence-source
INSERT DATA { evidence:S1-other a pf:Evidence ; dct:source <https://example.org/p/unknown> }
