# breaks: pfs:Project-startDate
DELETE { project:S2 pf:startDate ?date ; pf:endDate ?end }
INSERT { project:S2 pf:startDate ?month }
WHERE { project:S2 pf:startDate ?date ; pf:endDate ?end . BIND(STRDT(SUBSTR(STR(?date), 1, 7), xsd:gYearMonth) AS ?month) }
