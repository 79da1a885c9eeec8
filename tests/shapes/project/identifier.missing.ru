# breaks: pfs:Project-identifier
DELETE WHERE { project:S2 dct:identifier ?value }
