"""The links between patterns that people have chosen."""
