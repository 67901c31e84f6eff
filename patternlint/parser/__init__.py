"""Bytes to a document: front matter by a YAML parser, body by a CommonMark parser."""
