"""The graph that programs have written."""
