"""What the JSON Schemas say: which keys there are, and what they may hold."""
