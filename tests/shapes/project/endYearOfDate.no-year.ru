# breaks: pfs:Project-endYearOfDate
DELETE WHERE { project:S2 pf:endYear ?value }
