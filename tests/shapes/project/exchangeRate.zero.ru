# breaks: pfs:Project-exchangeRate
INSERT DATA { project:S2 pf:exchangeRate 0.0 }
