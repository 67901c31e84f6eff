"""The library index: an entry for each pattern, lookups, the graph and suggestions."""
