# breaks: pfs:Funding-amountByStatus
DELETE { funding:S1-paid pf:amountStatus ?value }
INSERT { funding:S1-paid pf:amountStatus amount-status:not-published }
WHERE { funding:S1-paid pf:amountStatus ?value }
