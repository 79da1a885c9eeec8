# breaks: pfs:DocumentPart-ownTranslation
INSERT DATA { source:form-results pf:ownTranslation "Swedish text" }
