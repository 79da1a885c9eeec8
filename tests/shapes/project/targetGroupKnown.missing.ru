# breaks: pfs:Project-targetGroupKnown
DELETE DATA { project:S2 pf:targetGroup target-group:sami . evidence:S2-group pf:attests target-group:sami }
