# breaks: pfs:SourceRecord-specificObjective
DELETE { source-record:S1-register pf:specificObjective ?value }
INSERT { source-record:S1-register pf:specificObjective role:applicant }
WHERE { source-record:S1-register pf:specificObjective ?value }
