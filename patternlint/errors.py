"""What a person can mend."""


class Trouble(Exception):  # noqa: N818 - people have trouble; the kinds of it end in Error
    """Something that stops a run and that a person can mend: one clear sentence, and exit code 2."""
