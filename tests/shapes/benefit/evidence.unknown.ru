# breaks: pfs:Benefit-evidence
INSERT DATA { benefit:p-one pf:evidence <https://example.org/p/unknown> }
