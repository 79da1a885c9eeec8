"""Queries in processes of their own: scheduled, contained, spooled to a file, and cached."""
