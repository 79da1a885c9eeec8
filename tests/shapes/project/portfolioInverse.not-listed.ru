# breaks: pfs:Project-portfolioInverse
DELETE DATA { portfolio:p pf:project project:S2 }
