# breaks: pfs:Participation-organisation
INSERT DATA { participation:S1-partner pf:organisation organisation:FI-0000001-9 }
