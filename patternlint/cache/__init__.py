"""The cache: stored analyses, folder snapshots, and the key that invalidates them."""
