"""Where patterns stand in the library."""
