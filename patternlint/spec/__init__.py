"""One version of the pattern specification, as data."""
