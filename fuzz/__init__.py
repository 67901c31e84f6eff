"""Search for pattern files that violate a guarantee."""
