# breaks: pfs:SourceRecord-endDate
DELETE { source-record:S1-register pf:startDate ?start ; pf:endDate ?date }
INSERT { source-record:S1-register pf:endDate ?other }
WHERE { source-record:S1-register pf:startDate ?start ; pf:endDate ?date . BIND(STRDT(CONCAT(SUBSTR(STR(?date), 1, 4), "-02-30"), xsd:date) AS ?other) }
