# breaks: pfs:Concept-prefLabel
DELETE WHERE { <https://example.org/p/id/concept/example> skos:prefLabel ?label }
