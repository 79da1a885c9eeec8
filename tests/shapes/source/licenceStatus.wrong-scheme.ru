# breaks: pfs:Source-licenceStatus
DELETE { source:register dct:license ?licence }
INSERT { source:register pf:licenceStatus role:applicant }
WHERE { source:register dct:license ?licence }
