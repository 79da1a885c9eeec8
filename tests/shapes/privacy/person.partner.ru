# breaks: pfs:Privacy-person
INSERT DATA { organisation:partner a foaf:Person }
