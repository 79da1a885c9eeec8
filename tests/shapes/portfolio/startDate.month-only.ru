# breaks: pfs:Portfolio-startDate
DELETE { portfolio:p pf:startDate ?date ; pf:endDate ?end }
INSERT { portfolio:p pf:startDate ?month }
WHERE { portfolio:p pf:startDate ?date ; pf:endDate ?end . BIND(STRDT(SUBSTR(STR(?date), 1, 7), xsd:gYearMonth) AS ?month) }
