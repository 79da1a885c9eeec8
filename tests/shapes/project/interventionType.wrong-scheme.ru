# breaks: pfs:Project-interventionType
INSERT DATA { project:S2 pf:interventionType role:applicant }
