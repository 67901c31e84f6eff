"""JSON Schema violations with the nodes that they are about."""
