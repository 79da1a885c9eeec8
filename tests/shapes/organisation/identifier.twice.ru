# breaks: pfs:Organisation-identifier
INSERT DATA { organisation:SE-example dct:identifier "124" }
