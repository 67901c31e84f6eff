from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Fix, Pattern, Rule, Safety, Severity, layout

_RULE = "# " + "═" * 67
_GROUP_1 = f"{_RULE}\n# GROUP 1: CORE IDENTITY\n{_RULE}\n"
_GROUP_4 = f"{_RULE}\n# GROUP 4: LIFECYCLE & CONFIDENCE\n{_RULE}\n"


class KeyOrder(Rule, frozen=True):
    """The top-level keys stand in the spec's order."""

    name = "key-order"
    severity = Severity.INFO
    why = "What is always in the same place is found without searching, and two files can be compared line by line."
    notes = (
        "One finding for a file, at the first key that stands behind one that comes later in the spec. A key moves with the "
        "comments above it, and the first one of a group with the banner. A key that the spec does not know stays behind "
        "the one that it stands behind. Comments at the top that a blank line parts from the first key are about the whole "
        "file and stay. Other orders that the spec accepts are fine."
    )
    bad = (
        Example(
            "title: Gärten\n«slug»: gärten\n",
            "---\nslug: gärten\ntitle: Gärten\n---\n",
        ),
        Example(
            f"# Über diese Datei\n\n{_GROUP_4}lifecycle:\n  status: draft\n\n{_GROUP_1}# the name in links\n«slug»: gärten  # kurz\n"
            "title: Gärten\n",
            f"---\n# Über diese Datei\n\n{_GROUP_1}# the name in links\nslug: gärten  # kurz\n"
            f"title: Gärten\n\n{_GROUP_4}lifecycle:\n  status: draft\n---\n",
            note="with banners and comments",
        ),
        Example(
            f"{_GROUP_1}title: Gärten\n«slug»: gärten\nmood: gay\n",
            f"---\n{_GROUP_1}slug: gärten\nmood: gay\ntitle: Gärten\n---\n",
            note="the banner stays at the top of its group; an unknown key stays behind its neighbour",
        ),
        Example(
            "title: Gärten\n\n\n# kurz\n«slug»: gärten\n\nsummary: Beete\n",
            "---\n# kurz\nslug: gärten\ntitle: Gärten\n\nsummary: Beete\n---\n",
            note="no blank line is left above the first key",
        ),
        Example(
            f"{_GROUP_1}title: Gärten\n  \n«slug»: gärten\n",
            f"---\n{_GROUP_1}slug: gärten\ntitle: Gärten\n---\n",
            note="nor below the banner",
        ),
        Example('contributors: &wir ["Zoë"]\n«aliases»: *wir\n', note="no fix: an alias stands below its anchor"),
    )
    good = (
        Example("slug: gärten\ntitle: Gärten\n"),
        Example(
            "orbital_layer: 1\nsector: Life\nid: pat_gärten\nslug: gärten\n", note="8.2 accepts the id in either place"
        ),
        Example("slug: gärten\nmood: gay\ntitle: Gärten\n"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        slip = layout.check_key_order(pattern)
        if slip is not None:
            key = slip.route[0]
            yield self.at(
                pattern,
                slip.span,
                f"`{key}` stands behind `{slip.what}`",
                route=slip.route,
                help=f"the spec has `{key}` before `{slip.what}`",
                fix=Fix("sort the keys", Safety.SAFE, slip.edits) if slip.edits else None,
            )
