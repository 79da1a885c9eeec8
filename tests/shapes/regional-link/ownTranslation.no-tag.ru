# breaks: pfs:RegionalLink-ownTranslation
INSERT DATA { regional-link:S1-cities pf:ownTranslation "Swedish text" }
