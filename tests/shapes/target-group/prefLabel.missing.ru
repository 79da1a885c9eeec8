# breaks: pfs:TargetGroup-prefLabel
DELETE WHERE { <https://example.org/p/id/target-group/own> skos:prefLabel ?value }
