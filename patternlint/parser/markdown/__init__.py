"""Body to headings and sections: a fast path for plain Markdown, a CommonMark parser for the rest."""
