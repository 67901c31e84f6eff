from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Fix, Pattern, Rule, Safety, Severity, layout

_RULE = "# " + "═" * 67
_GROUP_1 = f"{_RULE}\n# GROUP 1: CORE IDENTITY\n{_RULE}\n"
_GROUP_4 = f"{_RULE}\n# GROUP 4: LIFECYCLE & CONFIDENCE\n{_RULE}\n"


class KeyOrder(Rule):
    """The top-level keys follow the order of the specification."""

    name = "key-order"
    severity = Severity.INFO
    why = "A fixed order makes keys easy to find, and two files easy to compare line by line."
    notes = (
        "One finding per file, at the first key that follows a key from later in the specification. A key moves "
        "with the comments above it, and a banner stays above the first key of its group. An unknown key stays "
        "after the key that it follows. Comments at the top that a blank line separates from the first key belong "
        "to the whole file and stay in place. Any order that the specification accepts is fine."
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
            note="the banner stays at the top of its group, and an unknown key after its neighbor",
        ),
        Example(
            "title: Gärten\n\n\n# kurz\n«slug»: gärten\n\nsummary: Beete\n",
            "---\n# kurz\nslug: gärten\ntitle: Gärten\n\nsummary: Beete\n---\n",
            note="no blank line remains above the first key",
        ),
        Example(
            f"{_GROUP_1}title: Gärten\n  \n«slug»: gärten\n",
            f"---\n{_GROUP_1}slug: gärten\ntitle: Gärten\n---\n",
            note="nor below the banner",
        ),
        Example('contributors: &wir ["Zoë"]\n«aliases»: *wir\n', note="no fix: an alias must follow its anchor"),
    )
    good = (
        Example("slug: gärten\ntitle: Gärten\n"),
        Example(
            "orbital_layer: 1\nsector: Life\nid: pat_gärten\nslug: gärten\n", note="8.2 accepts the id in either place"
        ),
        Example("slug: gärten\nmood: gay\ntitle: Gärten\n"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        issue = layout.check_key_order(pattern)
        if issue is not None:
            key = issue.route[0]
            title = "sort the top-level keys by the order of the specification"
            yield self.at(
                pattern,
                issue.span,
                f"`{key}` comes after `{issue.detail}`",
                route=issue.route,
                help=f"move `{key}` above `{issue.detail}`",
                fix=Fix(title, Safety.SAFE, issue.edits) if issue.edits else None,
            )
