# breaks: pfs:TargetGroup-prefLabel
DELETE { <https://example.org/p/id/target-group/own> skos:prefLabel ?value }
INSERT { <https://example.org/p/id/target-group/own> skos:prefLabel "ilman kieltä" }
WHERE { <https://example.org/p/id/target-group/own> skos:prefLabel ?value }
