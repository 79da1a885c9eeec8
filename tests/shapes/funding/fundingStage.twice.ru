# breaks: pfs:Funding-fundingStage
INSERT DATA { funding:S1-paid pf:fundingStage funding-stage:planned }
