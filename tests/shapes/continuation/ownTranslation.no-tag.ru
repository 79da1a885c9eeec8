# breaks: pfs:Continuation-ownTranslation
INSERT DATA { continuation:S1-model pf:ownTranslation "Swedish text" }
