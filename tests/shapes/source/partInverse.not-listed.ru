# breaks: pfs:Source-partInverse
DELETE DATA { source:register dct:hasPart source:register-page }
