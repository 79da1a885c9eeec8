# breaks: pfs:SourceRecord-endDateStatus
DELETE { source-record:S1-register pf:endDateStatus ?value }
INSERT { source-record:S1-register pf:endDateStatus role:applicant }
WHERE { source-record:S1-register pf:endDateStatus ?value }
