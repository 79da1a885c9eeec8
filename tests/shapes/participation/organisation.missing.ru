# breaks: pfs:Participation-organisation
DELETE WHERE { participation:S1-partner pf:organisation ?value }
