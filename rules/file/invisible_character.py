from __future__ import annotations

import re
from collections.abc import Iterator

from patternlint.rule import (
    DeclaredChange,
    Diagnostic,
    Example,
    Fix,
    Node,
    Pattern,
    Replacement,
    Route,
    Rule,
    Safety,
    Severity,
    Span,
    characters,
    phrases,
)

_DIRECTIONS = "\u061c\u200e\u200f"
_HYPHENS = "\u2010\u2011"
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_TYPESET = re.compile("[\u00a0\u202f](?=[?!:;»%])|(?<=[«0-9])[\u00a0\u202f]|[\u00a0\u202f](?=[0-9])")
_FORMED = (("slug",), ("id",))  # `slug-format` and `id-format` name what they cannot hold
_BLOCKS = frozenset("|>")


class InvisibleCharacter(Rule):
    """No value holds a character that cannot be seen or told from another."""

    name = "invisible-character"
    severity = Severity.WARNING
    yields_to = ("invalid-enum",)
    why = "The value looks right and is another one to every search, comparison and link."
    notes = (
        "Looked at are the values of the front matter in one line: titles, tensions, labels. Reported are blanks "
        "other than the space (such as U+00A0, the no-break space), characters without width (such as U+200B and "
        "U+00AD, the soft hyphen), and the hyphens U+2010 and U+2011. Not reported is what typesetting or a script "
        "asks for: a no-break space beside a number, before `?`, `!`, `:`, `;`, `%` or inside `« »`; joiners between "
        "letters that are not ASCII, and in emoji; marks of direction beside letters that are written from right to "
        "left; the ideographic space."
    )
    bad = (
        Example('title: "Gro«\u200b»ße Töpfe"\n', '---\ntitle: "Große Töpfe"\n---\n', unsafe=True),
        Example("title: Große«\u00a0»Töpfe\n", "---\ntitle: Große Töpfe\n---\n", unsafe=True),
        Example(
            'ontology:\n  search_hints:\n    primary_tension: "Nähe vs.«\u00a0»Ruhe-\u2011Zeit"\n',
            '---\nontology:\n  search_hints:\n    primary_tension: "Nähe vs. Ruhe--Zeit"\n---\n',
            unsafe=True,
        ),
        Example('title: «"Töpfe\\u00a0Ost"»\n', note="written as an escape"),
    )
    good = (
        Example('title: "Wer kommt\u00a0?"\nsummary: "Mit 10\u202f000 Töpfen."\n'),
        Example('title: "می\u200cخواهم"\naliases: ["👩\u200d🌾 Große Töpfe"]\n'),
        Example("summary: >-\n  Große\u00a0Töpfe.\n", note="text in several lines"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        front = pattern.source.slice(pattern.front.span)
        if not characters.odd_characters(front) and "\\" not in front:
            return
        for route, node in pattern.front.root.walk():
            value = node.value
            if isinstance(value, str) and node.children is None and node.style not in _BLOCKS and route not in _FORMED:
                found = _odd(value)
                if found:
                    yield self._about(pattern, route, node, found)

    def _about(self, pattern: Pattern, route: Route, node: Node, found: tuple[str, ...]) -> Diagnostic:
        text = pattern.source.text
        at = [place for place in range(node.start, node.end) if text[place] in found]
        raw = all(one in text[node.start : node.end] for one in found)
        fix = None
        if raw:
            edits = tuple(Replacement(Span(place, place + 1), _plain(text[place])) for place in at)
            fix = Fix("write plain characters", Safety.UNSAFE, edits, (DeclaredChange(route),))
        return self.at(
            pattern,
            Span(at[0], at[0] + 1) if raw else node.span,
            f"`{phrases.config_route(route)}` holds {phrases.join_and([characters.name_of(one) for one in found])}",
            route=route,
            subject="".join(found),
            help="delete it, or write a space or a hyphen where one is meant",
            fix=fix,
        )


def _plain(character: str) -> str:
    return "-" if character in _HYPHENS else " " if character.isspace() else ""


def _odd(value: str) -> tuple[str, ...]:
    """Return the characters of a value that typesetting and its script do not ask for, each once."""
    if value.isascii():
        return ()
    rest = _TYPESET.sub("", value).replace("\u3000", "")
    if _RIGHT_TO_LEFT.search(rest):
        rest = rest.translate(dict.fromkeys(map(ord, _DIRECTIONS)))
    return characters.odd_characters(rest)
