# breaks: pfs:TargetGroup-definition
DELETE { <https://example.org/p/id/target-group/own> skos:definition ?value }
INSERT { <https://example.org/p/id/target-group/own> skos:definition "ilman kieltä" }
WHERE { <https://example.org/p/id/target-group/own> skos:definition ?value }
