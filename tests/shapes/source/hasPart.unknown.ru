# breaks: pfs:Source-hasPart
INSERT DATA { source:register dct:hasPart <https://example.org/p/unknown> . <https://example.org/p/unknown> dct:isPartOf source:register }
