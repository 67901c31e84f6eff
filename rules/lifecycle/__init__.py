"""How mature a pattern is, and how sure its writers are."""
