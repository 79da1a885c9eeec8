# breaks: pfs:Outcome-ownTranslation
INSERT DATA { outcome:S1-practices pf:ownTranslation "Swedish text" }
