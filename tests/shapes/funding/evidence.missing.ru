# breaks: pfs:Funding-evidence
DELETE WHERE { funding:S1-paid pf:evidence ?value }
