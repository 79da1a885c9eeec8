# breaks: pfs:RegionalLink-areaKind
DELETE { regional-link:S1-cities pf:areaKind ?value }
INSERT { regional-link:S1-cities pf:areaKind role:applicant }
WHERE { regional-link:S1-cities pf:areaKind ?value }
