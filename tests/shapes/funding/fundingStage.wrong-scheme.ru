# breaks: pfs:Funding-fundingStage
DELETE { funding:S1-paid pf:fundingStage ?value }
INSERT { funding:S1-paid pf:fundingStage role:applicant }
WHERE { funding:S1-paid pf:fundingStage ?value }
