# breaks: pfs:Project-sourceRecord
INSERT DATA { project:S2 pf:sourceRecord <https://example.org/p/unknown> . <https://example.org/p/unknown> foaf:primaryTopic project:S2 }
