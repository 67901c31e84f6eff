"""How patterns are worded."""
