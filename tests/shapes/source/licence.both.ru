# breaks: pfs:Source-licence
INSERT DATA { source:register pf:licenceStatus licence-status:not-stated }
