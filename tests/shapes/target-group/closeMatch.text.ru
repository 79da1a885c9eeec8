# breaks: pfs:TargetGroup-closeMatch
DELETE { <https://example.org/p/id/target-group/own> skos:closeMatch ?value }
INSERT { <https://example.org/p/id/target-group/own> skos:closeMatch "p11537" }
WHERE { <https://example.org/p/id/target-group/own> skos:closeMatch ?value }
