# breaks: pfs:Participation-evidence
DELETE WHERE { participation:S1-partner pf:evidence ?value }
