"""Id, slug, title, summary, and the position in the library."""
