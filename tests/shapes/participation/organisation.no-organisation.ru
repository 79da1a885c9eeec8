# breaks: pfs:Participation-organisation
DELETE { participation:S1-partner pf:organisation ?value }
INSERT { participation:S1-partner pf:organisation organisation:bare . organisation:bare foaf:name "Tyypitön"@fi }
WHERE { participation:S1-partner pf:organisation ?value }
