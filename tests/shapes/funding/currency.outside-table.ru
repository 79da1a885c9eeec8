# breaks: pfs:Funding-currency
DELETE { funding:S1-paid pf:currency ?value }
INSERT { funding:S1-paid pf:currency <https://example.org/EUR> }
WHERE { funding:S1-paid pf:currency ?value }
