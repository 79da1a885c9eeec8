# breaks: pfs:Portfolio-endDate
DELETE { portfolio:p pf:startDate ?start ; pf:endDate ?date }
INSERT { portfolio:p pf:endDate ?other }
WHERE { portfolio:p pf:startDate ?start ; pf:endDate ?date . BIND(STRDT(CONCAT(SUBSTR(STR(?date), 1, 4), "-02-30"), xsd:date) AS ?other) }
