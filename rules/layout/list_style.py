from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import (
    Annotated,
    Diagnostic,
    Example,
    Fix,
    Meta,
    Pattern,
    Rule,
    Safety,
    Severity,
    layout,
    phrases,
)

_LONG = "".join(f"  - wort-{number}-das-laenger-ist\n" for number in range(6))
_WORDS = {
    layout.EMPTY: ("is empty and not written as `[]`", "write `[]`"),
    layout.INLINE: ("has one item per line", "write all items on one line, in brackets: `[a, b]`"),
    layout.BLOCK: ("has all items on one line", "write each item on its own line, after `- `"),
}


class ListStyle(Rule):
    """Short lists of words are on one line, all others have one item per line."""

    name = "list-style"
    severity = Severity.INFO
    yields_to = ("wrong-type",)
    why = (
        "A few words are quick to read on one line; longer lists, and items with several parts, need a line for "
        "each item."
    )
    notes = (
        "One finding per file, at its first list. On one line: `aliases`, `cross_domains`, `vector_keywords`, "
        "`contributors` and every empty list (`[]`). A list of words that would be wider than 100 columns on one "
        "line may have one item per line, and a list in brackets may continue on a second line. A list that "
        "contains comments, or items of several lines, is ignored."
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
        Example('aliases: ["Gärten",\n          "Wälder"]\n', note="in brackets, on two lines"),
    )

    width: Annotated[
        int,
        Meta(
            ge=0,
            description="A list that would be wider than this many columns on one line may have one item per line.",
        ),
    ] = layout.INLINE_WIDTH

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        issues = layout.check_list_style(pattern, self.width)
        if issues:
            first = issues[0]
            problem, advice = _WORDS[first.detail]
            yield self.at(
                pattern,
                first.span,
                f"`{phrases.config_route(first.route)}` {problem}",
                route=first.route,
                help=advice,
                fix=Fix("write each list in its expected style", Safety.SAFE, layout.all_edits(issues)),
            )
