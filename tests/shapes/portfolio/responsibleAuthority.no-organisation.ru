# breaks: pfs:Portfolio-responsibleAuthority
DELETE { portfolio:p pf:responsibleAuthority ?value }
INSERT { portfolio:p pf:responsibleAuthority organisation:bare . organisation:bare foaf:name "Tyypitön"@fi }
WHERE { portfolio:p pf:responsibleAuthority ?value }
