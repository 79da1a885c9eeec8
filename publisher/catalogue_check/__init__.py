"""Checks a DCAT-AP catalogue: its rules, and the points that data.europa.eu's metadata quality assessment gives."""
