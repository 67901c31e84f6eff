from __future__ import annotations

from collections.abc import Iterator
from string import ascii_lowercase, digits

from patternlint.rule import Diagnostic, Example, Pattern, Rule, Severity, characters, identifiers

_LETTERS = frozenset(ascii_lowercase + digits)
_NAMES = {" ": "a space", "_": "an underscore", "\t": "a tab"}


class SlugFormat(Rule):
    """The slug consists of lower-case words of a–z and 0–9, joined by single hyphens."""

    name = "slug-format"
    severity = Severity.ERROR
    yields_to = ("slug-filename",)
    why = "The slug is part of the web address and the target of links. Other characters break both."
    notes = "Accented letters such as `ä` are not allowed. A slug that is not a string is reported by `wrong-type`."
    bad = (
        Example('title: "Café"\nslug: «café»\n'),
        Example("slug: «Coalition-politics»\n"),
        Example("slug: «polycentric_governance»\n"),
        Example("slug: «coalition politics»\n"),
        Example("slug: «coalition--politics»\n"),
        Example('slug: «"-coalition"»\n'),
        Example('slug: «""»\n'),
    )
    good = (
        Example("slug: 5s-methodology\n"),
        Example("slug: the-singularity-2\n"),
        Example("slug: 2030\n", note="not a string: reported by `wrong-type`"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        key = pattern.spec.name_key
        node = pattern.get(key) if pattern.spec.has_slugs else None
        if node is None or not isinstance(node.value, str) or identifiers.is_slug(node.value):
            return
        yield self.at(
            pattern,
            node.label_span,
            f"the {key} {_fault(node.value)}",
            route=(key,),
            help="write lower-case words of a–z and 0–9 joined by hyphens, and change the file name and all links too",
        )


def _fault(slug: str) -> str:
    """Return what is wrong with `slug`, as a verb phrase."""
    if not slug:
        return "is empty"
    wrong = next((character for character in slug if character not in _LETTERS and character != "-"), None)
    if wrong is not None:
        if wrong.isascii() and wrong.isupper():
            return f"has an upper-case letter: `{wrong}`"
        return f"has {_NAMES.get(wrong, f'an invalid character: {_shown(wrong)}')}"
    if "--" in slug:
        return "has consecutive hyphens"
    return "starts with a hyphen" if slug.startswith("-") else "ends with a hyphen"


def _shown(character: str) -> str:
    return characters.name_of(character) if characters.odd_characters(character) else f"`{character}`"
