# breaks: pfs:Outcome-producedBy
INSERT DATA { outcome:S1-practices pf:producedBy <https://example.org/p/unknown> }
