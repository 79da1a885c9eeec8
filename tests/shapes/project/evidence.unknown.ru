# breaks: pfs:Project-evidence
INSERT DATA { project:S2 pf:evidence <https://example.org/p/unknown> }
