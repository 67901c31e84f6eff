"""Rules about garden."""
