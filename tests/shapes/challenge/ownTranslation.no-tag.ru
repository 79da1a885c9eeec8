# breaks: pfs:Challenge-ownTranslation
INSERT DATA { challenge:p-one pf:ownTranslation "Swedish text" }
