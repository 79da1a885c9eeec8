# breaks: pfs:RegionalLink-owner
DELETE DATA { project:S1 pf:regionalLink regional-link:S1-cities }
