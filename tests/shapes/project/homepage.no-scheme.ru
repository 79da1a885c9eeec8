# breaks: pfs:Project-homepage
DELETE { project:S2 foaf:homepage ?value }
INSERT { project:S2 foaf:homepage "www.example.org" }
WHERE { project:S2 foaf:homepage ?value }
