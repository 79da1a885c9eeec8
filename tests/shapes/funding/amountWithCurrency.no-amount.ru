# breaks: pfs:Funding-amountWithCurrency
DELETE { funding:S1-paid pf:amount ?amount ; pf:amountStatus ?status }
INSERT { funding:S1-paid pf:amountStatus amount-status:not-published }
WHERE { funding:S1-paid pf:amount ?amount ; pf:amountStatus ?status }
