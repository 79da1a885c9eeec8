# breaks: pfs:Project-awardYear
INSERT DATA { project:S2 pf:awardYear "2009" }
