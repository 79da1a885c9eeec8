# breaks: pfs:Evidence-attests
INSERT DATA { evidence:S1 pf:attests "roma" }
