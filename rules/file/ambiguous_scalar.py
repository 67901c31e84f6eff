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

_WORDS = frozenset(
    form for word in ("y", "yes", "n", "no", "on", "off") for form in (word, word.capitalize(), word.upper())
)
_MERGE = "<<"
_TAGS = frozenset((_MERGE, "="))
_KEYS = _WORDS | _TAGS
_NUMERIC_START = frozenset("0123456789+-.")
_AFTER_DIGITS = ":"
_DECIMAL = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_UNUSUAL_START = frozenset("0+-")

_DOUBTFUL = re.compile(
    rf"\n(?=[-+.0-9NOYnoy=<])(?!(?:0|[1-9][0-9]*)(?:\.[0-9]+)?\n|[0-9]+-)({'|'.join(sorted(_KEYS))}|[-+.0-9].*)(?=\n)"
)
"""Among scalars in a line each: a word, or what begins like a number and is none that everybody writes so, and no date."""

_DATE = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?"
    r"(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?"
)
"""Source: https://yaml.org/type/timestamp.html."""
_DATES = re.compile(rf"\n(?=[0-9]{{4}}-)({_DATE.pattern})(?=\n)")

# Numbers as readers of YAML 1.1 know them: https://yaml.org/type/int.html, https://yaml.org/type/float.html
_INT = re.compile(
    r"(?P<sign>[-+]?)(?:0b(?P<two>[01_]+)|0x(?P<sixteen>[0-9a-fA-F_]+)|0(?P<eight>[0-7_]+)|(?P<ten>0|[1-9][0-9_]*)"
    r"|[1-9][0-9_]*(?::[0-5]?[0-9])+)"
)
_FLOAT = re.compile(r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+][0-9]+)?")
_SIXTY = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*")
_BASES = {"two": 2, "eight": 8, "ten": 10, "sixteen": 16}


class AmbiguousScalar(Rule):
    """Every value or key without quotes means the same in YAML 1.1 and YAML 1.2."""

    name = "ambiguous-scalar"
    severity = Severity.WARNING
    why = "Jekyll and Hugo read YAML 1.1, where `no` is false, `012` is ten and `1:30` is ninety; others read 1.2."
    notes = (
        "Where the specification asks for text, the safe fix puts the value in double quotes as it is written. Anywhere "
        "else one of the two readings gets lost, so the fix is unsafe: it writes what YAML 1.2 reads, a text in double "
        "quotes, a number in plain digits. A date is reported only where the specification asks for another text. `y` and "
        "`n` count, though not every reader of 1.1 converts them. A key `<<`, which YAML 1.1 replaces by another mapping, "
        "must be written out by hand."
    )
    bad = (
        Example("context_labels:\n  tech: «no» # für später\n", 'context_labels:\n  tech: "no" # für später\n'),
        Example("title: Gärten\n«on»: 3\n", 'title: Gärten\n"on": 3\n'),
        Example("aliases: [Gärten, «Yes», «1:30», «1_000»]\n", 'aliases: [Gärten, "Yes", "1:30", "1_000"]\n'),
        Example("slug: «1e3»\ntitle: «2024-05-01»\n", 'slug: "1e3"\ntitle: "2024-05-01"\n', note="a slug, a title"),
        Example("lifecycle:\n  version: «012»\n", "lifecycle:\n  version: 12\n", unsafe=True, note="ten in YAML 1.1"),
        Example("mine: [«0o14», «08», «1e3», «no»]\n", 'mine: [12, 8, 1000.0, "no"]\n', unsafe=True),
        Example("base: &base\n  a: Füße\nother:\n  «<<»: *base\n", note="no fix: the person must say which keys"),
    )
    good = (
        Example('title: "no"\nsources: [Nö, true, 12, 0.5, 1.0e+3, ~, 1.0.0]\n'),
        Example("graph_garden:\n  last_pruned: 2024-05-01\n", note="a date"),
        Example("mine: [007, 0, -0, 0x1F, .5]\n", note="the same number to both"),
        Example("summary: >-\n  no\n"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        front = pattern.front
        plain = "\n{}\n".format("\n".join(front.ambiguous_scalars))
        if (
            _KEYS.isdisjoint(front.key_names)
            and min(front.key_names, default=_AFTER_DIGITS) >= _AFTER_DIGITS
            and not any(_is_ambiguous(one, front.ambiguous_scalars.get(one)) for one in _DOUBTFUL.findall(plain))
            and not any(_is_elsewhere(pattern, one) for one in _DATES.findall(plain))
        ):
            return
        text = pattern.source.text
        seen: set[int] = set()  # an alias leads to the same place again
        for route, node in front.root.walk():
            if node.start in seen:
                continue
            seen.add(node.start)
            written = text[node.start : node.end]
            if not node.style and node.children is None and self._is_wrong(pattern, route, written, node.value):
                yield self.at(
                    pattern,
                    node.span,
                    f"{phrases.describe_route(route)} is `{written}`, which YAML 1.1 and YAML 1.2 read differently",
                    route=route,
                    subject=item_name(front.root, route),
                    help="put it in double quotes if it is text, or write the number in plain digits",
                    fix=_fix(pattern, route, node, written),
                )
            name = text[node.key_start : node.key_end] if node.key_start >= 0 else ""
            if name in _KEYS or (name[:1] in _NUMERIC_START and not _DECIMAL.fullmatch(name) and _is_number(name)):
                quoted = f'"{name}"'
                merge = name == _MERGE
                yield self.at(
                    pattern,
                    node.key_span,
                    f"the key `{name}` is not text in YAML 1.1",
                    route=route,
                    subject=item_name(front.root, route),
                    help="write out the keys that it stands for" if merge else "put it in double quotes",
                    fix=None if merge else Fix(f"write `{quoted}`", Safety.SAFE, (Replacement(node.key_span, quoted),)),
                )

    @staticmethod
    def _is_wrong(pattern: Pattern, route: Route, written: str, value: object) -> bool:
        if _is_ambiguous(written, value):
            return True
        return (
            written[:1].isdigit()
            and _DATE.fullmatch(written) is not None
            and schema_lookup.asks_for_text(pattern.spec, route)
        )


def _is_elsewhere(pattern: Pattern, date: str) -> bool:
    """Return whether a date may stand where the specification asks for no date."""
    span = pattern.front.span
    known = sum(pattern.text(*route) == date for route in schema_lookup.date_routes(pattern.spec))
    return pattern.source.text.count(date, span.start, span.end) > known


def _fix(pattern: Pattern, route: Route, node: Node, written: str) -> Fix:
    """Return the fix of a value: safe where text is asked for, since it keeps what is written."""
    quoted = quote_fix(pattern, route, node) if schema_lookup.asks_for_text(pattern.spec, route) else None
    plain = _same_to_both(node.value, written)
    return quoted or Fix(f"write `{plain}`", Safety.UNSAFE, (Replacement(node.span, plain),))


def _is_ambiguous(written: str, value: object) -> bool:
    """Return whether a scalar without quotes, with its value in YAML 1.2, means something else in YAML 1.1."""
    if isinstance(value, str):
        return written == value and (value in _KEYS or (value[0] in _NUMERIC_START and _is_number(value)))
    if isinstance(value, float):
        return ("e" in written or "E" in written) and written[0] in _NUMERIC_START and not _FLOAT.fullmatch(written)
    if value is None or isinstance(value, bool) or written[0] not in _UNUSUAL_START:
        return False
    return len(written) > 1 and _integer(written) != value


def _is_number(text: str) -> bool:
    """Return whether YAML 1.1 takes `text` for a number."""
    return bool(_INT.fullmatch(text) or _FLOAT.fullmatch(text) or _SIXTY.fullmatch(text))


def _integer(text: str) -> int | None:
    """Return the whole number that YAML 1.1 takes `text` for, or None."""
    match = _INT.fullmatch(text)
    if match is None or match.lastgroup not in _BASES:
        return None
    digits = match[match.lastgroup].replace("_", "")
    return int(match["sign"] + digits, _BASES[match.lastgroup]) if digits else None


def _same_to_both(value: object, written: str) -> str:
    """Return `value` so that YAML 1.1 and 1.2 agree on it."""
    if isinstance(value, float):
        if not isfinite(value):
            return "-.inf" if value < 0 else ".inf"
        mantissa, e, exponent = repr(value).partition("e")
        return f"{mantissa}{'' if '.' in mantissa else '.0'}{e}{exponent}"
    return str(value) if isinstance(value, int) else json.dumps(written, ensure_ascii=False)
