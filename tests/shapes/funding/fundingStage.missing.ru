# breaks: pfs:Funding-fundingStage
DELETE WHERE { funding:S1-paid pf:fundingStage ?value }
