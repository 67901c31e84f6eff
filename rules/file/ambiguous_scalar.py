from __future__ import annotations

import json
import re
from collections.abc import Iterator
from math import isfinite

from patternlint.rule import (
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
    item_name,
    phrases,
    quote_fix,
    schema_lookup,
)

_MERGE = "<<"
_KEYWORDS = frozenset(
    (
        _MERGE,
        "=",
        *(form for word in ("y", "yes", "n", "no", "on", "off") for form in (word, word.title(), word.upper())),
    )
)
_NUMERIC_START = frozenset("0123456789+-.")
_AFTER_NUMERIC = ":"  # the first character that is higher than all of these
_DECIMAL = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_UNUSUAL_INTEGER_START = frozenset("0+-")

_DATE = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?"
    r"(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?"
)
"""Source: https://yaml.org/type/timestamp.html."""

# Numbers of YAML 1.1: https://yaml.org/type/int.html, https://yaml.org/type/float.html
_INT = re.compile(
    r"(?P<sign>[-+]?)(?:0b(?P<two>[01_]+)|0x(?P<sixteen>[0-9a-fA-F_]+)|0(?P<eight>[0-7_]+)|(?P<ten>0|[1-9][0-9_]*)"
    r"|[1-9][0-9_]*(?::[0-5]?[0-9])+)"
)
_FLOAT = re.compile(r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+][0-9]+)?")
_SEXAGESIMAL_FLOAT = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*")
_BASES = {"two": 2, "eight": 8, "ten": 10, "sixteen": 16}


class AmbiguousScalar(Rule):
    """Every unquoted value or key means the same in YAML 1.1 and YAML 1.2."""

    name = "ambiguous-scalar"
    severity = Severity.WARNING
    why = (
        "Jekyll and Hugo read YAML 1.1, where `no` is false, `012` is ten and `1:30` is ninety; other programs "
        "read YAML 1.2."
    )
    notes = (
        "Where the specification asks for text, the safe fix puts the value in double quotes as written. Anywhere "
        "else, one of the two readings is lost, so the fix is unsafe: it writes what YAML 1.2 reads, text in "
        "double quotes and numbers in plain digits. A date is reported only where the specification asks for other "
        "text. `y` and `n` are reported, although not every YAML 1.1 parser converts them. A key `<<`, which YAML "
        "1.1 replaces with the keys of another mapping, must be written out by hand."
    )
    bad = (
        Example("context_labels:\n  tech: «no» # für später\n", 'context_labels:\n  tech: "no" # für später\n'),
        Example("title: Gärten\n«on»: 3\n", 'title: Gärten\n"on": 3\n'),
        Example("aliases: [Gärten, «Yes», «1:30», «1_000»]\n", 'aliases: [Gärten, "Yes", "1:30", "1_000"]\n'),
        Example("slug: «1e3»\ntitle: «2024-05-01»\n", 'slug: "1e3"\ntitle: "2024-05-01"\n', note="a slug, a title"),
        Example("lifecycle:\n  version: «012»\n", "lifecycle:\n  version: 12\n", unsafe=True, note="ten in YAML 1.1"),
        Example("mine: [«0o14», «08», «1e3», «no»]\n", 'mine: [12, 8, 1000.0, "no"]\n', unsafe=True),
        Example("base: &base\n  a: Füße\nother:\n  «<<»: *base\n", note="no fix: only a person can choose the keys"),
    )
    good = (
        Example('title: "no"\nsources: [Nö, true, 12, 0.5, 1.0e+3, ~, 1.0.0]\n'),
        Example("graph_garden:\n  last_pruned: 2024-05-01\n", note="a date"),
        Example("mine: [007, 0, -0, 0x1F, .5]\n", note="the same number in both"),
        Example("summary: >-\n  no\n"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        front = pattern.front
        if (
            _KEYWORDS.isdisjoint(front.key_names)
            and min(front.key_names, default=_AFTER_NUMERIC) >= _AFTER_NUMERIC
            and not any(
                _is_ambiguous(written, value) or (_DATE.fullmatch(written) and _may_be_text(pattern, written))
                for written, value in front.ambiguous_scalars.items()
            )
        ):
            return
        starts: set[int] = set()
        for route, node in front.root.walk():
            if node.start in starts:
                continue  # an alias has the nodes of its anchor
            starts.add(node.start)
            if not node.style and node.children is None:
                yield from self._check_value(pattern, route, node)
            if node.key_start >= 0:
                yield from self._check_key(pattern, route, node)

    def _check_value(self, pattern: Pattern, route: Route, node: Node) -> Iterator[Diagnostic]:
        written = pattern.source.slice(node.span)
        is_ambiguous = _is_ambiguous(written, node.value)
        if not is_ambiguous and not _DATE.fullmatch(written):
            return
        is_text = schema_lookup.asks_for_text(pattern.spec, route)
        if not is_ambiguous and not is_text:
            return
        plain = _unambiguous(node.value, written)
        fix = quote_fix(pattern, route, node) if is_text else None
        if fix is None:
            fix = Fix(f"replace `{written}` with `{plain}`", Safety.UNSAFE, (Replacement(node.span, plain),))
        advice = f'write `"{written}"`'
        if not is_text and written not in _KEYWORDS:
            advice += " if it is text, or the number in plain digits"
        yield self.at(
            pattern,
            node.span,
            f"{phrases.describe_route(route)} is `{written}`, which YAML 1.1 and YAML 1.2 read differently",
            route=route,
            subject=item_name(pattern.front.root, route),
            help=advice,
            fix=fix,
        )

    def _check_key(self, pattern: Pattern, route: Route, node: Node) -> Iterator[Diagnostic]:
        key = pattern.source.slice(node.key_span)
        if key not in _KEYWORDS and (key[:1] not in _NUMERIC_START or _DECIMAL.fullmatch(key) or not _is_number(key)):
            return
        advice, fix = "write out the keys that it stands for", None
        if key != _MERGE:
            advice = f'write `"{key}"`'
            title = f'replace `{key}` with `"{key}"`'
            fix = Fix(title, Safety.SAFE, (Replacement(node.key_span, f'"{key}"'),))
        yield self.at(
            pattern,
            node.key_span,
            f"key `{key}` is not text in YAML 1.1",
            route=route,
            subject=item_name(pattern.front.root, route),
            help=advice,
            fix=fix,
        )


def _may_be_text(pattern: Pattern, date: str) -> bool:
    """Return whether a date may stand where the specification does not ask for a date."""
    span = pattern.front.span
    dates = sum(pattern.text(*route) == date for route in schema_lookup.date_routes(pattern.spec))
    return pattern.source.text.count(date, span.start, span.end) > dates


def _is_ambiguous(written: str, value: object) -> bool:
    """Return whether an unquoted scalar, with its value in YAML 1.2, has another meaning in YAML 1.1."""
    if isinstance(value, str):
        return written == value and (value in _KEYWORDS or (value[0] in _NUMERIC_START and _is_number(value)))
    if isinstance(value, float):
        return ("e" in written or "E" in written) and written[0] in _NUMERIC_START and not _FLOAT.fullmatch(written)
    if value is None or isinstance(value, bool) or written[0] not in _UNUSUAL_INTEGER_START:
        return False
    return len(written) > 1 and _integer(written) != value


def _is_number(text: str) -> bool:
    """Return whether YAML 1.1 reads `text` as a number."""
    return any(form.fullmatch(text) for form in (_INT, _FLOAT, _SEXAGESIMAL_FLOAT))


def _integer(text: str) -> int | None:
    """Return the integer that YAML 1.1 reads `text` as, or None."""
    match = _INT.fullmatch(text)
    if match is None or match.lastgroup not in _BASES:
        return None
    digits = match[match.lastgroup].replace("_", "")
    return int(match["sign"] + digits, _BASES[match.lastgroup]) if digits else None


def _unambiguous(value: object, written: str) -> str:
    """Return `value` in a form that YAML 1.1 and 1.2 read alike."""
    if isinstance(value, float):
        if not isfinite(value):
            return "-.inf" if value < 0 else ".inf"
        mantissa, e, exponent = repr(value).partition("e")
        return f"{mantissa}{'' if '.' in mantissa else '.0'}{e}{exponent}"
    return str(value) if isinstance(value, int) else json.dumps(written, ensure_ascii=False)
