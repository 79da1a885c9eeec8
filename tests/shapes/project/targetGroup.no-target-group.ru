# breaks: pfs:Project-targetGroup
INSERT DATA { project:S2 pf:targetGroup role:applicant . evidence:S2-group pf:attests role:applicant }
