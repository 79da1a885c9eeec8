# breaks: pfs:Funding-amount
DELETE { funding:S1-paid pf:amount ?value }
INSERT { funding:S1-paid pf:amount 85146.03e0 }
WHERE { funding:S1-paid pf:amount ?value }
