# breaks: pfs:SourceRecord-programme
DELETE { source-record:S1-register pf:programme ?value }
INSERT { source-record:S1-register pf:programme role:applicant }
WHERE { source-record:S1-register pf:programme ?value }
