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
_ESCAPED = re.compile(r"\\[xuUN_LP]")  # in YAML, the escapes of characters that are odd
_BLOCKS = frozenset("|>")


class InvisibleCharacter(Rule):
    """No value contains an invisible character, or one that looks like another."""

    name = "invisible-character"
    severity = Severity.WARNING
    yields_to = ("invalid-enum",)
    why = "The value looks right, but it is a different one for every search, comparison and link."
    notes = (
        "Values of the front matter on one line are checked, such as titles, tensions and labels. Reported are "
        "spaces other than the ordinary one (such as U+00A0, no-break space), characters without width (such as "
        "U+200B and U+00AD, soft hyphen), and the hyphens U+2010 and U+2011. Characters that typesetting or a "
        "script requires are allowed: a no-break space beside a number, before `?`, `!`, `:`, `;`, `%` or inside "
        "`« »`; joiners between letters that are not ASCII, and in emoji; direction marks beside letters that are "
        "written from right to left; the ideographic space."
    )
    bad = (
        Example('title: "Gro«\u200b»ße Töpfe"\n', '---\ntitle: "Große Töpfe"\n---\n', unsafe=True),
        Example("title: Große«\u00a0»Töpfe\n", "---\ntitle: Große Töpfe\n---\n", unsafe=True),
        Example(
            'ontology:\n  search_hints:\n    primary_tension: "Nähe vs.«\u00a0»Ruhe-\u2011Zeit"\n',
            '---\nontology:\n  search_hints:\n    primary_tension: "Nähe vs. Ruhe--Zeit"\n---\n',
            unsafe=True,
        ),
        Example('title: «"Töpfe\\u00a0Ost"»\n', note="an escape sequence"),
    )
    good = (
        Example('title: "Wer kommt\u00a0?"\nsummary: "Mit 10\u202f000 Töpfen."\n'),
        Example('title: "می\u200cخواهم"\naliases: ["👩\u200d🌾 Große Töpfe"]\n'),
        Example("summary: >-\n  Große\u00a0Töpfe.\n", note="text on several lines"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        front = pattern.source.slice(pattern.front.span)
        if not characters.odd_characters(front) and not _ESCAPED.search(front):
            return
        spec = pattern.spec
        names = [spec.name_key] if spec.has_slugs else []  # reported by `slug-format`
        ids = [spec.identity.id] if spec.identity.id_prefixes else []  # reported by `id-format`
        with_own_rule = {(key,) for key in (*names, *ids)}
        for route, node, value in pattern.front.root.texts():
            if node.style not in _BLOCKS and route not in with_own_rule:
                odd = _unexpected_characters(value)
                if odd:
                    yield self._finding(pattern, route, node, odd)

    def _finding(self, pattern: Pattern, route: Route, node: Node, odd: tuple[str, ...]) -> Diagnostic:
        written = pattern.source.slice(node.span)
        names = phrases.join_and([characters.name_of(one) for one in odd])
        span, fix = node.span, None
        if all(one in written for one in odd):  # otherwise at least one is an escape sequence
            places = [
                Span(node.start + index, node.start + index + 1) for index, one in enumerate(written) if one in odd
            ]
            edits = tuple(Replacement(place, _ordinary(pattern.source.slice(place))) for place in places)
            title = f"replace {names} with ordinary characters"
            span, fix = places[0], Fix(title, Safety.UNSAFE, edits, (DeclaredChange(route),))
        return self.at(
            pattern,
            span,
            f"`{phrases.config_route(route)}` contains {names}",
            route=route,
            subject="".join(odd),
            help="delete the character, or replace it with an ordinary space or hyphen",
            fix=fix,
        )


def _ordinary(character: str) -> str:
    return "-" if character in _HYPHENS else " " if character.isspace() else ""


def _unexpected_characters(value: str) -> tuple[str, ...]:
    """Return the odd characters of a value that neither typesetting nor its script requires, each once."""
    if value.isascii():
        return ()
    rest = _TYPESET.sub("", value).replace("\u3000", "")
    if _RIGHT_TO_LEFT.search(rest):
        rest = rest.translate(dict.fromkeys(map(ord, _DIRECTIONS)))
    return characters.odd_characters(rest)
