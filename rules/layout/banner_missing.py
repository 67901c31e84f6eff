from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Fix, Pattern, Rule, Safety, Severity, layout

_RULE = "# " + "═" * 67


def _banner(name: str) -> str:
    return f"{_RULE}\n# GROUP {name}\n{_RULE}\n"


_IDENTITY = _banner("1: CORE IDENTITY")
_LIFECYCLE = _banner("4: LIFECYCLE & CONFIDENCE")
_POSITION = _banner("0: ARCHITECTURAL POSITION (The Gravity Well)")


class BannerMissing(Rule):
    """Every group of the front matter starts with its banner."""

    name = "banner-missing"
    severity = Severity.INFO
    why = "Banners are the table of contents of the front matter: they show at a glance where a key belongs."
    notes = (
        "One finding per file, on its first line. A group needs a banner only if the file has one of its keys. If "
        "a banner stands above the keys of a group without a banner, and its own group comes later in the file, "
        "the fix moves it to its own group. The fix adds a blank line before a new banner. Comments directly above "
        "a key stay with the key, below the banner."
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
            "# GROUP 1: CORE IDENTITY\nslug: gärten\n", note="the missing border lines are reported by `banner-form`"
        ),
        Example(
            f"{_POSITION}orbital_layer: 2\n\n{_IDENTITY}id: pat_1\nslug: gärten\n", note="the id may be in either group"
        ),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        issue = layout.check_missing_banners(pattern)
        if issue is not None:
            yield self.at(
                pattern,
                issue.span,
                f"missing banner for {issue.detail}",
                help="add the three lines of the banner above the first key of each group",
                fix=Fix("add the missing banners", Safety.SAFE, issue.edits),
            )
