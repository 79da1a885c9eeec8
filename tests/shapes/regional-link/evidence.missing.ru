# breaks: pfs:RegionalLink-evidence
DELETE WHERE { regional-link:S1-cities pf:evidence ?value }
