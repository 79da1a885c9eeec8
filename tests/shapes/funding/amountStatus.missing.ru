# breaks: pfs:Funding-amountStatus
DELETE WHERE { funding:S1-paid pf:amountStatus ?value }
