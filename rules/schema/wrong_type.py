"""wrong-type."""

from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import (
    Change,
    Diagnostic,
    Example,
    Fix,
    Pattern,
    Replace,
    Safety,
    SchemaError,
    SchemaRule,
    Severity,
    item_name,
    kind_words,
    quote_fix,
    route_words,
    type_words,
)


class WrongType(SchemaRule, frozen=True):
    """Every value is of the kind that its key asks for: text, number, list or mapping."""

    name = "wrong-type"
    severity = Severity.ERROR
    why = "A program that expects a list and finds a word breaks, or takes the word apart letter by letter."
    notes = (
        "A key without a value, where a list is expected, becomes `[]`: both say that there is nothing. A `string` is "
        "a text; `3`, `true` and `null` without quotes are none. Where text is asked for, the fix puts a number, `true` or "
        '`false` in double quotes as it is written: `1e3` becomes `"1e3"`.'
    )
    bad = (
        Example('contributors: «"Zoë"»\n'),
        Example("relationships:\n  «enables»:\n", "relationships:\n  enables: []\n", note="null where a list belongs"),
        Example("«aliases»: &none\n", note="an anchor on nothing"),
        Example("graph_garden:\n  entities: «null» # später\n", "graph_garden:\n  entities: [] # später\n"),
        Example("title: «2030»\n", 'title: "2030"\n'),
        Example(
            "slug: «1e3»\naliases: [«012», «0x1F», «.5», «true»]\n",
            'slug: "1e3"\naliases: ["012", "0x1F", ".5", "true"]\n',
        ),
        Example("title: «null»\n", note="it may mean nothing, or the word"),
        Example("«summary»:\n"),
        Example('sources: ["Größe", «1984»]\n', 'sources: ["Größe", "1984"]\n'),
        Example('lifecycle:\n  confidence: «"2"»\n'),
        Example(
            "relationships:\n  requires:\n    - slug: café\n      weight: «.inf»\n", note="infinity is no number here"
        ),
        Example("ontology:\n  «commons_assessment»:\n    - resilience: 3.0\n"),
    )
    good = (
        Example('title: "2030"\nsources: []\n'),
        Example("lifecycle:\n  confidence: 2.0\n", note="the same as 2"),
        Example("graph_garden:\n  entities:\n    - Füße\n", note="`item-shape` says what an entity is"),
    )

    def check(self, error: SchemaError, pattern: Pattern) -> Iterator[Diagnostic]:
        """Say what was expected and what is there."""
        expected = (error.expected,) if isinstance(error.expected, str) else tuple(error.expected)
        description = str(error.schema.get("description", ""))
        yield self.at(
            pattern,
            error.node.mark,
            f"{route_words(error.route)}: expected {type_words(expected)}, found {kind_words(error.value)}",
            route=error.route,
            subject=item_name(pattern.front.root, error.route),
            help=_advice(expected, error.value) or description,
            fix=_fix(expected, error, pattern),
        )


def _advice(expected: tuple[str, ...], value: object) -> str:
    """Say what to do where that is the same whatever the key is."""
    if isinstance(value, str) and not {"number", "integer"}.isdisjoint(expected):
        return "write the number without quotes"
    if isinstance(value, int | float) and "string" in expected:
        return "put it in double quotes"
    if value is None and "array" in expected:
        return "write `[]` where there is nothing to list"
    if isinstance(value, str) and "array" in expected:
        return "put it in square brackets, or on a line of its own that begins with `- `"
    return ""


def _fix(expected: tuple[str, ...], error: SchemaError, pattern: Pattern) -> Fix | None:
    if "array" in expected and error.value is None:
        return _empty_list(error, pattern)
    return quote_fix(pattern, error.route, error.node) if expected == ("string",) else None


def _empty_list(error: SchemaError, pattern: Pattern) -> Fix | None:
    """Return the fix that writes `[]`; None where that needs another `:`, or where an anchor or a tag stands."""
    span, text = error.node.span, pattern.source.text
    bare = span.start == span.end
    if (bare and text[span.start - 1] != ":") or text[span.start :].lstrip(" ").startswith(("&", "!")):
        return None
    edit = Replace(span, " []" if bare else "[]")
    return Fix("write `[]`", Safety.SAFE, (edit,), (Change(error.route),))
