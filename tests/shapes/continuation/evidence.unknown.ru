# breaks: pfs:Continuation-evidence
INSERT DATA { continuation:S1-model pf:evidence <https://example.org/p/unknown> }
