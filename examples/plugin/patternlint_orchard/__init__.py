"""The rules of the Orchard library: one folder a group, one module a rule."""
