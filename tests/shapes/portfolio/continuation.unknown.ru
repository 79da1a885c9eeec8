# breaks: pfs:Portfolio-continuation
INSERT DATA { portfolio:p pf:continuation <https://example.org/p/unknown> }
