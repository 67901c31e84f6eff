"""The body: its sections, headings and code blocks, and the lines that every pattern has."""
