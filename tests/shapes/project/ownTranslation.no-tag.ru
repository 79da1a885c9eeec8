# breaks: pfs:Project-ownTranslation
INSERT DATA { project:S2 pf:ownTranslation "Swedish text" }
