"""The commands, one module each: `parser()` returns its options, `run()` its exit code."""
