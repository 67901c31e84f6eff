"""The commands. Each module has `parser()`, and `run()`, which takes the options and returns the exit code.

`check` passes its options to one of four modules without a parser: `lint`, `fix`, `timing` and `add_suppressions`.
"""
