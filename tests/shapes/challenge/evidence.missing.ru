# breaks: pfs:Challenge-evidence
DELETE WHERE { challenge:p-one pf:evidence ?value }
