"""Keys and values, as defined by the JSON Schemas."""
