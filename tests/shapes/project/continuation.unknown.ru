# breaks: pfs:Project-continuation
INSERT DATA { project:S2 pf:continuation <https://example.org/p/unknown> }
