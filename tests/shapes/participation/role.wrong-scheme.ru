# breaks: pfs:Participation-role
DELETE { participation:S1-partner pf:role ?value }
INSERT { participation:S1-partner pf:role outcome-kind:method }
WHERE { participation:S1-partner pf:role ?value }
