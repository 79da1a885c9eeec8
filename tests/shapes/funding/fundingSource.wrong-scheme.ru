# breaks: pfs:Funding-fundingSource
DELETE { funding:S1-paid pf:fundingSource ?value }
INSERT { funding:S1-paid pf:fundingSource role:applicant }
WHERE { funding:S1-paid pf:fundingSource ?value }
