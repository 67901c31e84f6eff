"""The file itself: its bytes, its YAML, its suppressions."""
