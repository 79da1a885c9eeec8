# breaks: pfs:Organisation-businessId
INSERT DATA { organisation:FI-0298200-5 a org:Organization ; foaf:name "Väärä"@fi ; dct:identifier "0298200-5" .
    project:S1 pf:responsibleAuthority organisation:FI-0298200-5 }
