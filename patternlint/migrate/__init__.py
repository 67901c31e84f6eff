"""Migrate records from one version of a specification to another, as tables describe it."""
