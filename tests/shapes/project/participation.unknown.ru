# breaks: pfs:Project-participation
INSERT DATA { project:S2 pf:participation <https://example.org/p/unknown> }
