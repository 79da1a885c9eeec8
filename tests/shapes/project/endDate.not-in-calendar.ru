# breaks: pfs:Project-endDate
DELETE { project:S2 pf:startDate ?start ; pf:endDate ?date }
INSERT { project:S2 pf:endDate ?other }
WHERE { project:S2 pf:startDate ?start ; pf:endDate ?date . BIND(STRDT(CONCAT(SUBSTR(STR(?date), 1, 4), "-02-30"), xsd:date) AS ?other) }
