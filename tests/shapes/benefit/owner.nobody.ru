# breaks: pfs:Benefit-owner
DELETE DATA { portfolio:p pf:benefit benefit:p-one }
