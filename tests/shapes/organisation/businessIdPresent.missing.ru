# breaks: pfs:Organisation-businessIdPresent
DELETE DATA { organisation:FI-0292800-5 dct:identifier "0292800-5" }
