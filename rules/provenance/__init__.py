"""Sources of a pattern."""
