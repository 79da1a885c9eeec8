# breaks: pfs:Funding-ownTranslation
INSERT DATA { funding:S1-paid pf:ownTranslation "Swedish text" }
