# breaks: pfs:Continuation-continuationStatus
DELETE WHERE { continuation:S1-model pf:continuationStatus ?value }
