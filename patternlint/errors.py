"""Errors that users can correct."""


class UserError(Exception):
    """An error that ends the run: shown as one sentence, with exit code 2."""
