"""Scores, the tension and search."""
