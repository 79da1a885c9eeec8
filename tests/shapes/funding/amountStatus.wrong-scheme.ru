# breaks: pfs:Funding-amountStatus
DELETE { funding:S1-paid pf:amountStatus ?value }
INSERT { funding:S1-paid pf:amountStatus role:applicant }
WHERE { funding:S1-paid pf:amountStatus ?value }
