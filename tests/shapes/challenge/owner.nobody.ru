# breaks: pfs:Challenge-owner
DELETE DATA { portfolio:p pf:challenge challenge:p-one }
