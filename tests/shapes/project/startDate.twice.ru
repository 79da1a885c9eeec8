# breaks: pfs:Project-startDate
INSERT { project:S2 pf:startDate ?other }
WHERE { project:S2 pf:startDate ?date . BIND(STRDT(CONCAT(SUBSTR(STR(?date), 1, 7), "-28"), xsd:date) AS ?other) }
