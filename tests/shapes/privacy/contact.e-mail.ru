# breaks: pfs:Privacy-contact
INSERT DATA { organisation:partner foaf:mbox <mailto:etunimi.sukunimi@example.org> }
