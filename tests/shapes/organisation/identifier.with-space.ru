# breaks: pfs:Organisation-identifier
DELETE DATA { organisation:SE-example dct:identifier "123" } ;
INSERT DATA { organisation:SE-example dct:identifier "1 23" }
