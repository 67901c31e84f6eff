import os
from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Pattern, Rule, Severity

os.write(1, b"printed while it is imported")


class Noisy(Rule):
    """A title exists."""

    name = "noisy"
    severity = Severity.WARNING
    why = "For a test."
    bad = (Example("title: «no»\n"),)
    good = (Example("title: yes\n"),)

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        os.write(1, b"printed")
        title = pattern.get("title")
        if title is not None:
            yield self.at(pattern, title.span, "there is a title", route=("title",))
