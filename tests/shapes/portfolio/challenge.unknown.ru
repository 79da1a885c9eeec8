# breaks: pfs:Portfolio-challenge
INSERT DATA { portfolio:p pf:challenge <https://example.org/p/unknown> }
