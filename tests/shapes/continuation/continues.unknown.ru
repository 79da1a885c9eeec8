# breaks: pfs:Continuation-continues
INSERT DATA { continuation:S1-model pf:continues <https://example.org/p/unknown> }
