"""The commands. Each module has `parser()`, and `run()`, which takes the options and returns the exit code.

`check` passes its options to one of three modules without a parser: `lint`, `fix` and `add_suppressions`.
"""
