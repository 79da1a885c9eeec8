# breaks: pfs:Project-portfolio
DELETE DATA { project:S2 pf:portfolio portfolio:p . portfolio:p pf:project project:S2 }
