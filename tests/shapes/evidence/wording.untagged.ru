# breaks: pfs:Evidence-wording
DELETE { evidence:S1-words pf:wording ?value }
INSERT { evidence:S1-words pf:wording "ilman kieltä" }
WHERE { evidence:S1-words pf:wording ?value }
