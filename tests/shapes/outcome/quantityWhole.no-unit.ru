# breaks: pfs:Outcome-quantityWhole
DELETE WHERE { outcome:S1-practices pf:quantityUnit ?value }
