"""The file itself: its bytes, its YAML and its suppressions."""
