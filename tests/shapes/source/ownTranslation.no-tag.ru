# breaks: pfs:Source-ownTranslation
INSERT DATA { source:register pf:ownTranslation "Swedish text" }
