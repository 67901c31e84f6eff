"""Scores, tension, and what a search finds."""
