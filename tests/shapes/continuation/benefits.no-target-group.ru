# breaks: pfs:Continuation-benefits
INSERT DATA { continuation:S1-model pf:benefits role:applicant }
