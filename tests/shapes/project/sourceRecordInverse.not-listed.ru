# breaks: pfs:Project-sourceRecordInverse
DELETE DATA { project:S2 pf:sourceRecord source-record:S2-register ; pf:chosenFrom source-record:S2-register }
