# breaks: pfs:Project-startYearKnown
DELETE WHERE { project:S2 pf:startDate ?date ; pf:startYear ?year }
