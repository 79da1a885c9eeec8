"""Reads portfolio folders: YAML text to trees with places, trees to record classes."""
