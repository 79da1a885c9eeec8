"""The catalogue of the releases in DCAT-AP 3.0.1: what harvesting portals read at `/catalog`."""
