# breaks: pfs:Funder-kind
DELETE DATA { organisation:fund-owner a org:Organization }
