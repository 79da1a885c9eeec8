# breaks: pfs:SourceRecord-priorityAxis
DELETE { source-record:S1-register pf:priorityAxis ?value }
INSERT { source-record:S1-register pf:priorityAxis role:applicant }
WHERE { source-record:S1-register pf:priorityAxis ?value }
