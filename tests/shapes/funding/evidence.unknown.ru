# breaks: pfs:Funding-evidence
INSERT DATA { funding:S1-paid pf:evidence <https://example.org/p/unknown> }
