# breaks: pfs:RegionalLink-benefits
INSERT DATA { regional-link:S1-cities pf:benefits role:applicant }
