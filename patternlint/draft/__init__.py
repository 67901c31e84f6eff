"""A specification and a configuration drafted from the files of a library."""
