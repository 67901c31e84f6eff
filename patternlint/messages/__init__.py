"""Wording helpers shared by rules and errors."""
