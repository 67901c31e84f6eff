"""Apply fixes: choose compatible ones, repeat until stable, verify the result."""
