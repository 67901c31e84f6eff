"""Rules about ontology."""
