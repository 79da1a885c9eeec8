# breaks: pfs:Project-achievements
INSERT DATA { project:S2 pf:achievements "Malli on käytössä" }
