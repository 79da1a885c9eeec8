# breaks: pfs:Project-regionalLink
INSERT DATA { project:S2 pf:regionalLink <https://example.org/p/unknown> }
