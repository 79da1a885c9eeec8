# breaks: pfs:Portfolio-project
INSERT DATA { portfolio:p pf:project "S20394" }
