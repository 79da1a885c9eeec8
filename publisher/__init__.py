"""Turns the records of publicly funded projects into linked data that anybody can query, download and harvest."""

__version__ = "0.1.0"
