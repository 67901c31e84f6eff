"""Rules about provenance."""
