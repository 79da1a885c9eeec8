# breaks: pfs:Project-investmentPriority
INSERT DATA { project:S2 pf:investmentPriority classification:none }
