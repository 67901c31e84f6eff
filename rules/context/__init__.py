"""Titles for readers of other contexts."""
