# breaks: pfs:SourceRecord-startDate
DELETE { source-record:S1-register pf:startDate ?date ; pf:endDate ?end }
INSERT { source-record:S1-register pf:startDate ?month }
WHERE { source-record:S1-register pf:startDate ?date ; pf:endDate ?end . BIND(STRDT(SUBSTR(STR(?date), 1, 7), xsd:gYearMonth) AS ?month) }
