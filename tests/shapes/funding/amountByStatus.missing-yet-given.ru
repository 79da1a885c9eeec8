# breaks: pfs:Funding-amountByStatus
DELETE WHERE { funding:S1-paid pf:amount ?amount ; pf:currency ?currency }
