# breaks: pfs:Organisation-businessId
INSERT DATA { organisation:FI-0292801-3 a org:Organization ; foaf:name "Väärä"@fi ; dct:identifier "0000001-9" .
    project:S1 pf:responsibleAuthority organisation:FI-0292801-3 }
