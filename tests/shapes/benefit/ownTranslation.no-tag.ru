# breaks: pfs:Benefit-ownTranslation
INSERT DATA { benefit:p-one pf:ownTranslation "Swedish text" }
