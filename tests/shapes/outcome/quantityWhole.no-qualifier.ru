# breaks: pfs:Outcome-quantityWhole
DELETE WHERE { outcome:S1-practices pf:quantityQualifier ?value }
