"""The document model: front matter, body, nodes and links of one pattern."""
