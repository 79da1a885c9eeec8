# breaks: pfs:Challenge-evidence
INSERT DATA { challenge:p-one pf:evidence <https://example.org/p/unknown> }
