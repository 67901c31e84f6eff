"""Maturity and confidence."""
