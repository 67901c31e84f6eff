"""What a person can mend."""


class UserError(Exception):
    """Something that stops a run and that a person can mend: one clear sentence, and exit code 2."""
