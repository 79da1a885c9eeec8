# breaks: pfs:Portfolio-startDate
INSERT { portfolio:p pf:startDate ?other }
WHERE { portfolio:p pf:startDate ?date . BIND(STRDT(CONCAT(SUBSTR(STR(?date), 1, 7), "-28"), xsd:date) AS ?other) }
