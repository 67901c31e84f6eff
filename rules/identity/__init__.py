"""Who a pattern is: id, slug, title, summary, and where it stands in the library."""
