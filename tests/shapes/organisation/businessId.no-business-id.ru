# breaks: pfs:Organisation-businessId
INSERT DATA { organisation:FI-abc a org:Organization ; foaf:name "Väärä"@fi ; dct:identifier "abc" .
    project:S1 pf:responsibleAuthority organisation:FI-abc }
