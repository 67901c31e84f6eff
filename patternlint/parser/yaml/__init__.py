"""Front matter to nodes: a fast path for the usual form, libyaml for the rest."""
