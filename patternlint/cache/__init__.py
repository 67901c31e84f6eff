"""Stored results of earlier runs.

`key` computes the hash of everything but file contents that can change a finding. `record` is the encoded analysis of one
file. `store` is the SQLite file. `snapshots` compares folders with what an earlier run saw in them.
"""
