# breaks: pfs:Outcome-outcomeKind
DELETE WHERE { outcome:S1-practices pf:outcomeKind ?value }
