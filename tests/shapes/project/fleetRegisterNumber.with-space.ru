# breaks: pfs:Project-fleetRegisterNumber
INSERT DATA { project:S2 pf:fleetRegisterNumber "FIN 1" }
