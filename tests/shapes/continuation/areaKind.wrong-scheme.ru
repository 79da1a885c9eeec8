# breaks: pfs:Continuation-areaKind
DELETE { continuation:S1-model pf:areaKind ?value }
INSERT { continuation:S1-model pf:areaKind role:applicant }
WHERE { continuation:S1-model pf:areaKind ?value }
