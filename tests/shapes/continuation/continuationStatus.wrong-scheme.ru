# breaks: pfs:Continuation-continuationStatus
DELETE { continuation:S1-model pf:continuationStatus ?value }
INSERT { continuation:S1-model pf:continuationStatus role:applicant }
WHERE { continuation:S1-model pf:continuationStatus ?value }
