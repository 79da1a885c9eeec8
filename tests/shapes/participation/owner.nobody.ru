# breaks: pfs:Participation-owner
DELETE DATA { project:S1 pf:participation participation:S1-partner }
