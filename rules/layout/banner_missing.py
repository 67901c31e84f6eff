from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Fix, Pattern, Rule, Safety, Severity, layout

_RULE = "# " + "═" * 67


def _banner(name: str) -> str:
    return f"{_RULE}\n# GROUP {name}\n{_RULE}\n"


_IDENTITY = _banner("1: CORE IDENTITY")
_LIFECYCLE = _banner("4: LIFECYCLE & CONFIDENCE")
_POSITION = _banner("0: ARCHITECTURAL POSITION (The Gravity Well)")


class BannerMissing(Rule, frozen=True):
    """Every group of the front matter opens with its banner."""

    name = "banner-missing"
    severity = Severity.INFO
    why = "The banners are the table of contents of the front matter: they show at a glance where a key belongs."
    notes = (
        "One finding for a file, on its first line. A group of which the file has no key needs no banner. A banner that "
        "stands above another group's keys, where its own group comes later, is moved there when that other group has none. "
        "The fix puts a blank line before a new banner; comments directly above a key stay with it, below the banner."
    )
    bad = (
        Example(
            "«---»\nslug: gärten\nlifecycle:\n  status: draft\n---\n",
            f"---\n{_IDENTITY}slug: gärten\n\n{_LIFECYCLE}lifecycle:\n  status: draft\n---\n",
        ),
        Example(
            f"«---»\n{_IDENTITY}slug: gärten\n# first of all: früh\nlifecycle:\n  status: draft\n---\n",
            f"---\n{_IDENTITY}slug: gärten\n\n{_LIFECYCLE}# first of all: früh\nlifecycle:\n  status: draft\n---\n",
            note="a comment stays with its key",
        ),
        Example(
            f"«---»\n{_IDENTITY}orbital_layer: 2\nslug: gärten\n---\n",
            f"---\n{_POSITION}orbital_layer: 2\n\n{_IDENTITY}slug: gärten\n---\n",
            note="a banner above the wrong group",
        ),
    )
    good = (
        Example(f"{_IDENTITY}slug: gärten\n\n{_LIFECYCLE}lifecycle:\n  status: draft\n"),
        Example(
            "# GROUP 1: CORE IDENTITY\nslug: gärten\n", note="it has no rule lines: that is for `banner-form` to say"
        ),
        Example(
            f"{_POSITION}orbital_layer: 2\n\n{_IDENTITY}id: pat_1\nslug: gärten\n", note="the id may stand in either"
        ),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        slip = layout.check_missing_banners(pattern)
        if slip is not None:
            yield self.at(
                pattern,
                slip.span,
                f"no banner for {slip.what}",
                help="put the three lines of the banner above the first key of each group",
                fix=Fix("write the banners", Safety.SAFE, slip.edits),
            )
