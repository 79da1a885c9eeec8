# breaks: pfs:Portfolio-evidence
INSERT DATA { portfolio:p pf:evidence <https://example.org/p/unknown> }
