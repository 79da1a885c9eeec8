# breaks: pfs:Place-location
DELETE DATA { place:turku-region a dct:Location }
