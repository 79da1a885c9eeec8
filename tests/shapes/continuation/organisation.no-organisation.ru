# breaks: pfs:Continuation-organisation
DELETE { continuation:S1-model pf:organisation ?value }
INSERT { continuation:S1-model pf:organisation organisation:bare . organisation:bare foaf:name "Tyypitön"@fi }
WHERE { continuation:S1-model pf:organisation ?value }
