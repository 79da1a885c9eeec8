# breaks: pfs:Portfolio-endYear
DELETE { portfolio:p pf:endYear ?year }
INSERT { portfolio:p pf:endYear ?text }
WHERE { portfolio:p pf:endYear ?year . BIND(STR(?year) AS ?text) }
