# breaks: pfs:Outcome-quantity
DELETE { outcome:S1-practices pf:quantity ?value }
INSERT { outcome:S1-practices pf:quantity 25e0 }
WHERE { outcome:S1-practices pf:quantity ?value }
