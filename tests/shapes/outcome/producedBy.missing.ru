# breaks: pfs:Outcome-producedBy
DELETE DATA { outcome:S1-practices pf:producedBy project:S1 . project:S1 pf:outcome outcome:S1-practices }
