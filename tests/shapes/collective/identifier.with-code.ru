# breaks: pfs:Collective-identifier
INSERT DATA { organisation:municipalities dct:identifier "0292800-5" }
