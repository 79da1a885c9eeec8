# breaks: pfs:ConceptScheme-title
DELETE WHERE { <https://w3id.org/project-portfolio/concept/role> dct:title ?title }
