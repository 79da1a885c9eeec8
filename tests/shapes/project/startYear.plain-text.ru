# breaks: pfs:Project-startYear
DELETE { project:S2 pf:startYear ?year }
INSERT { project:S2 pf:startYear ?text }
WHERE { project:S2 pf:startYear ?year . BIND(STR(?year) AS ?text) }
