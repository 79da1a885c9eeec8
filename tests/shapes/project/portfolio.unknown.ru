# breaks: pfs:Project-portfolio
INSERT DATA { project:S2 pf:portfolio <https://example.org/p/unknown> . <https://example.org/p/unknown> pf:project project:S2 }
