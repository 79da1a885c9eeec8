# breaks: pfs:Portfolio-startYear
DELETE { portfolio:p pf:startYear ?year }
INSERT { portfolio:p pf:startYear ?text }
WHERE { portfolio:p pf:startYear ?year . BIND(STR(?year) AS ?text) }
