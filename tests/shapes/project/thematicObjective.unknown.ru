# breaks: pfs:Project-thematicObjective
INSERT DATA { project:S2 pf:thematicObjective classification:none }
