# breaks: pfs:Collective-kind
INSERT DATA { organisation:municipalities a org:Organization }
