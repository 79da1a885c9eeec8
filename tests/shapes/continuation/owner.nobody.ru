# breaks: pfs:Continuation-owner
DELETE DATA { project:S1 pf:continuation continuation:S1-model }
