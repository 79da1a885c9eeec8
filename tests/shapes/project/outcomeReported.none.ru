# breaks: pfs:Project-outcomeReported
DELETE DATA { project:S2 pf:outcome outcome:S2-guide . outcome:S2-guide a pf:Outcome ; pf:producedBy project:S2 }
