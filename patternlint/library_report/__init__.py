"""The report about a library: `patternlint report`, as an HTML page and as data for other programs."""
