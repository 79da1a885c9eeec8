# breaks: pfs:Concept-type
DELETE DATA { <https://example.org/p/id/concept/example> a skos:Concept }
