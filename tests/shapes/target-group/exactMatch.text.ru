# breaks: pfs:TargetGroup-exactMatch
DELETE { <https://example.org/p/id/target-group/own> skos:exactMatch ?value }
INSERT { <https://example.org/p/id/target-group/own> skos:exactMatch "p11537" }
WHERE { <https://example.org/p/id/target-group/own> skos:exactMatch ?value }
