"""A run: discover, read, analyze, run library rules, fix, write."""
