# breaks: pfs:Project-endYear
DELETE { project:S2 pf:endYear ?year }
INSERT { project:S2 pf:endYear ?text }
WHERE { project:S2 pf:endYear ?year . BIND(STR(?year) AS ?text) }
