# breaks: pfs:RegionalLink-evidence
INSERT DATA { regional-link:S1-cities pf:evidence <https://example.org/p/unknown> }
