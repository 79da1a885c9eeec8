# breaks: pfs:Project-funderKnown
DELETE DATA { project:S2 pf:funder organisation:FI-0000001-9 . funding:S2-state pf:funder organisation:FI-0000001-9 }
