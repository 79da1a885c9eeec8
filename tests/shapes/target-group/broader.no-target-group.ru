# breaks: pfs:TargetGroup-broader
DELETE { <https://example.org/p/id/target-group/own> skos:broader ?value }
INSERT { <https://example.org/p/id/target-group/own> skos:broader role:applicant }
WHERE { <https://example.org/p/id/target-group/own> skos:broader ?value }
