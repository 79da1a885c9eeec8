# breaks: pfs:Funding-amount
INSERT DATA { funding:S1-paid pf:amount 1.0 }
