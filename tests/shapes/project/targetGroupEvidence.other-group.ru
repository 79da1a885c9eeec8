# breaks: pfs:Project-targetGroupEvidence
DELETE DATA { evidence:S2-group pf:attests target-group:sami } ;
INSERT DATA { evidence:S2-group pf:attests target-group:sami , target-group:roma }
