# breaks: pfs:Project-responsibleAuthority
INSERT DATA { project:S2 pf:responsibleAuthority organisation:other . organisation:other a org:Organization ; foaf:name "Muu"@fi }
