# breaks: pfs:Outcome-quantity
INSERT DATA { outcome:S1-practices pf:quantity 26.0 }
