# breaks: pfs:Funding-fundingSource
DELETE WHERE { funding:S1-paid pf:fundingSource ?value }
