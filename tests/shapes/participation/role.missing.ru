# breaks: pfs:Participation-role
DELETE WHERE { participation:S1-partner pf:role ?value }
