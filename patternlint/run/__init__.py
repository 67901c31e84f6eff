"""A run: discover, read, learn, look at the library, fix, write."""
