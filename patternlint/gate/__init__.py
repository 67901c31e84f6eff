"""Lets no new finding in while old ones stay: a baseline file, or a comparison with an earlier revision."""
