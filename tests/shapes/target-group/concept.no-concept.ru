# breaks: pfs:TargetGroup-concept
DELETE DATA { <https://example.org/p/id/target-group/own> a skos:Concept }
