from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Annotated, Diagnostic, Example, Fix, Meta, Pattern, Rule, Safety, Severity, layout, phrases

_LONG = "".join(f"  - wort-{number}-das-laenger-ist\n" for number in range(6))


class ListStyle(Rule, frozen=True):
    """Short lists of words stand in one line, all others in a line for each item."""

    name = "list-style"
    severity = Severity.INFO
    yields_to = ("wrong-type",)
    why = (
        "A handful of words is read at a glance in one line; what is longer, or has parts, needs a line for each item."
    )
    notes = (
        "One finding for a file, at its first list. In one line: aliases, cross_domains, vector_keywords, contributors and "
        "every empty list (`[]`). A list of words whose one line would be wider than 100 columns may have a line for each "
        "item, and one in brackets may go on in a second line. A list with comments in it is left alone, and so is one "
        "whose items have several lines."
    )
    bad = (
        Example(
            "title: Gärten\n«aliases»:\n  - Wälder\n  - 'Wiesen'\nsources: []\n",
            "---\ntitle: Gärten\naliases: [\"Wälder\", 'Wiesen']\nsources: []\n---\n",
        ),
        Example(
            'title: Gärten\nsources: «["Ostrom", "Alexander"]»  # beide\nlicense: CC-BY-SA-4.0\n',
            '---\ntitle: Gärten\nsources:  # beide\n  - "Ostrom"\n  - "Alexander"\nlicense: CC-BY-SA-4.0\n---\n',
        ),
        Example("title: Gärten\naliases: «[ ]»\n", "---\ntitle: Gärten\naliases: []\n---\n"),
    )
    good = (
        Example('aliases: ["Gärten"]\nsources:\n  - "Ostrom"\n'),
        Example("aliases:\n  - Gärten  # die schönen\n", note="a comment"),
        Example(f"title: Gärten\naliases:\n{_LONG}", note="too long for one line"),
        Example('aliases: ["Gärten",\n          "Wälder"]\n', note="in brackets, over two lines"),
    )

    width: Annotated[
        int, Meta(ge=0, description="A list whose one line would be wider may have a line for each item.")
    ] = layout.INLINE_WIDTH

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        slips = layout.check_list_style(pattern, self.width)
        if slips:
            first = slips[0]
            name = phrases.config_route(first.route)
            if first.what == layout.EMPTY:
                message, advice = f"`{name}` is empty and not written `[]`", "write `[]`"
            elif first.what == layout.INLINE:
                message, advice = f"`{name}` has a line for each item", "put its items in one line, in brackets"
            else:
                message, advice = (
                    f"`{name}` has all items in one line",
                    "put each item on a line of its own, behind `- `",
                )
            yield self.at(
                pattern,
                first.span,
                message,
                route=first.route,
                help=advice,
                fix=Fix("set the lists right", Safety.SAFE, tuple(edit for slip in slips for edit in slip.edits)),
            )
