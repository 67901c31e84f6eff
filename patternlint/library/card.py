"""Cards: what people see of a pattern besides its name and links, for editors and reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from patternlint.document.pattern import Pattern
from patternlint.library.sentences import TITLE, digest


class Card(Struct, frozen=True, omit_defaults=True):
    """What people see of a pattern. Where its specification names no key for a field, or the value has another type, it is empty.

    Attributes:
        summary: the summary.
        domain: the domain, or the first of several.
        sector: the sector.
        status: the status, such as "draft".
        keywords: the keywords, in their order.
        scores: the scores by their key, in the specification's order; those of the dimensions, then vitality.
        overall: the mean of the scores, as the file gives it.
        confidence: the confidence, such as 3 for three stars.
        stages: the stages by their route, such as "lifecycle.usage_stage".
        created: the date on which it was created, as the file gives it.
        labels: the titles for certain readers, by reader.
        reasoning: the digest of the reasons for the scores, with "…" in place of the title (`sentences.digest`).
        sentences: the digests of its sentences (`sentence_digests`), if a selected rule needs them.
    """

    summary: str = ""
    domain: str = ""
    sector: str = ""
    status: str = ""
    keywords: tuple[str, ...] = ()
    scores: dict[str, float] = {}
    overall: float | None = None
    confidence: float | None = None
    stages: dict[str, str] = {}
    created: str = ""
    labels: dict[str, str] = {}
    reasoning: bytes = b""
    sentences: bytes = b""


def build_card(pattern: Pattern, sentences: bytes = b"") -> Card:
    """Return the card of a pattern, with the digests of its sentences if they are needed."""
    spec, data = pattern.spec, pattern.data
    scores = spec.scores
    found = _at(data, scores.route) if scores.route else None
    values = found if isinstance(found, Mapping) else {}
    labels = data.get(spec.labels)
    names = [*scores.dimensions, *filter(None, (scores.vitality,))]
    return Card(
        next(_texts(data.get(spec.summary)), ""),
        next(_texts(_at(data, spec.card.domain)), ""),
        next(_texts(data.get(spec.sector)), ""),
        next(_texts(_at(data, spec.card.status)), ""),
        tuple(_texts(_at(data, spec.card.keywords))),
        {name: number for name in names if (number := _number(values.get(name))) is not None},
        _number(values.get(scores.overall)),
        _number(_at(data, spec.confidence)),
        {".".join(route): stage for route in spec.stats.stages for stage in _texts(_at(data, route))},
        next(_texts(_at(data, spec.stats.created)), ""),
        {name: value for name, value in labels.items() if isinstance(value, str)}
        if isinstance(labels, Mapping)
        else {},
        _reasoning(next(_texts(values.get(scores.reasoning)), ""), next(_texts(data.get(spec.identity.title)), "")),
        sentences,
    )


def _reasoning(text: str, title: str) -> bytes:
    words = " ".join((text.replace(title, TITLE) if title else text).split())
    return digest(words) if words else b""


def _at(data: Any, route: tuple[str, ...]) -> Any:
    """Return what is at a route, or None. An empty route leads to None."""
    for step in route:
        data = data.get(step) if isinstance(data, Mapping) else None
    return data if route else None


def _texts(value: Any) -> Iterator[str]:
    return (one for one in (value if isinstance(value, list) else (value,)) if isinstance(one, str))


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
