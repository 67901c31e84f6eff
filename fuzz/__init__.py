"""Looks for pattern files that break a promise."""
