# breaks: pfs:Funding-currency
INSERT DATA { funding:S1-paid pf:currency currency:SEK }
