# breaks: pfs:Outcome-benefits
INSERT DATA { outcome:S1-practices pf:benefits role:applicant }
