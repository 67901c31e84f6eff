"""Benchmarks: generated libraries of any size, and a command that measures patternlint on them."""
