"""The canonical layout of a pattern file, from the spec's data: pure functions from a pattern to edits of its text.

Nothing here loads and dumps YAML: an edit replaces the characters that must change and no others.
"""
