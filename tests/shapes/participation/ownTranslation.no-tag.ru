# breaks: pfs:Participation-ownTranslation
INSERT DATA { participation:S1-partner pf:ownTranslation "Swedish text" }
