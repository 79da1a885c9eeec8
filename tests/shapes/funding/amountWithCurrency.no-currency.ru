# breaks: pfs:Funding-amountWithCurrency
DELETE WHERE { funding:S1-paid pf:currency ?value }
