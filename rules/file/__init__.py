"""Rules about file."""
