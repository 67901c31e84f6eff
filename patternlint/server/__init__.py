"""The language server: `patternlint server`."""
