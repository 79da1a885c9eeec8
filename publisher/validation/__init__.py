"""Checks statements against the shapes: engines behind one small interface, and the comparison of the two."""
