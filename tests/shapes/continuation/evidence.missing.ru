# breaks: pfs:Continuation-evidence
DELETE WHERE { continuation:S1-model pf:evidence ?value }
