"""Where a pattern comes from."""
