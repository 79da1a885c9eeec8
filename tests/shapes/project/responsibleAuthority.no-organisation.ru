# breaks: pfs:Project-responsibleAuthority
DELETE { project:S2 pf:responsibleAuthority ?value }
INSERT { project:S2 pf:responsibleAuthority organisation:bare . organisation:bare foaf:name "Tyypitön"@fi }
WHERE { project:S2 pf:responsibleAuthority ?value }
