# breaks: pfs:Portfolio-funding
INSERT DATA { portfolio:p pf:funding <https://example.org/p/unknown> }
