# breaks: pfs:Project-outcome
INSERT DATA { project:S2 pf:outcome <https://example.org/p/unknown> . <https://example.org/p/unknown> pf:producedBy project:S2 }
