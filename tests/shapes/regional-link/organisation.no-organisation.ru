# breaks: pfs:RegionalLink-organisation
DELETE { regional-link:S1-cities pf:organisation ?value }
INSERT { regional-link:S1-cities pf:organisation organisation:bare . organisation:bare foaf:name "Tyypitön"@fi }
WHERE { regional-link:S1-cities pf:organisation ?value }
