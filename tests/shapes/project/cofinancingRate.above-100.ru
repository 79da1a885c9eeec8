# breaks: pfs:Project-cofinancingRate
INSERT DATA { project:S2 pf:cofinancingRate 100.5 }
