"""Rules about body."""
