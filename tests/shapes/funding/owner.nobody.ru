# breaks: pfs:Funding-owner
DELETE DATA { project:S1 pf:funding funding:S1-paid }
