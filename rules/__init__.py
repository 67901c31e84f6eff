"""The built-in rules: one folder a group, one module a rule."""
