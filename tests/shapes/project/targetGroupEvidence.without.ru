# breaks: pfs:Project-targetGroupEvidence
INSERT DATA { project:S2 pf:targetGroup target-group:roma }
