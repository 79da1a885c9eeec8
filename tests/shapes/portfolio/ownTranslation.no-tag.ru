# breaks: pfs:Portfolio-ownTranslation
INSERT DATA { portfolio:p pf:ownTranslation "Swedish text" }
