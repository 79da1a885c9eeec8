# breaks: pfs:Organisation-ownTranslation
INSERT DATA { organisation:FI-0292800-5 pf:ownTranslation "Swedish text" }
