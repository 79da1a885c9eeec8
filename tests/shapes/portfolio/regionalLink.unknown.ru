# breaks: pfs:Portfolio-regionalLink
INSERT DATA { portfolio:p pf:regionalLink <https://example.org/p/unknown> }
