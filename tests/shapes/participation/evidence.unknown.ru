# breaks: pfs:Participation-evidence
INSERT DATA { participation:S1-partner pf:evidence <https://example.org/p/unknown> }
