# breaks: pfs:Outcome-evidence
DELETE WHERE { outcome:S1-practices pf:evidence ?value }
