# breaks: pfs:SourceRecord-startDate
INSERT { source-record:S1-register pf:startDate ?other }
WHERE { source-record:S1-register pf:startDate ?date . BIND(STRDT(CONCAT(SUBSTR(STR(?date), 1, 7), "-28"), xsd:date) AS ?other) }
