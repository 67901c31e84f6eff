"""Text edits: insert a key, insert or reorder list items, quote a scalar. Bytes outside an edit stay unchanged."""
