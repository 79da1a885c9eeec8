# breaks: pfs:Portfolio-endYearOfDate
DELETE WHERE { portfolio:p pf:endYear ?value }
