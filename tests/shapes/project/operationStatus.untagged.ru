# breaks: pfs:Project-operationStatus
INSERT DATA { project:S2 pf:operationStatus "Toiminnassa" }
