# breaks: pfs:Outcome-evidence
INSERT DATA { outcome:S1-practices pf:evidence <https://example.org/p/unknown> }
