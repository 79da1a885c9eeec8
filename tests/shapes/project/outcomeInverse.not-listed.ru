# breaks: pfs:Project-outcomeInverse
DELETE DATA { project:S2 pf:outcome outcome:S2-guide }
