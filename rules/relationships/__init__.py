"""Links between patterns that people have chosen."""
