"""The part of the graph that programs write."""
