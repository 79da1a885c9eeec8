# breaks: pfs:TargetGroup-inScheme
DELETE WHERE { <https://example.org/p/id/target-group/own> skos:inScheme ?value }
