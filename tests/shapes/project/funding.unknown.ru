# breaks: pfs:Project-funding
INSERT DATA { project:S2 pf:funding <https://example.org/p/unknown> }
