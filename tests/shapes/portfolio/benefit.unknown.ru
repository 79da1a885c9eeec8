# breaks: pfs:Portfolio-benefit
INSERT DATA { portfolio:p pf:benefit <https://example.org/p/unknown> }
