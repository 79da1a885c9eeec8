# breaks: pfs:Organisation-businessId
INSERT DATA { organisation:FI-0292800-6 a org:Organization ; foaf:name "Väärä"@fi ; dct:identifier "0292800-6" .
    project:S1 pf:responsibleAuthority organisation:FI-0292800-6 }
