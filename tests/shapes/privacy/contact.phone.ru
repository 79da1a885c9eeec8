# breaks: pfs:Privacy-contact
INSERT DATA { participation:S1-partner vcard:hasTelephone <tel:+358000000> }
