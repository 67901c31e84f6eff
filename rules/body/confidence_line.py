from __future__ import annotations

import re
from collections.abc import Iterator

from patternlint.rule import (
    BODY_ROUTE,
    CHANGES_BODY,
    Diagnostic,
    Example,
    Fix,
    Pattern,
    Replacement,
    Rule,
    Safety,
    Severity,
    Span,
    body_text,
)

_REST = re.compile(r"(★+)(☆*) \(([^()\s][^\r\n]*)\)")
_SIGNS = re.compile(r"[★☆⭐✩-✰]|:star|Ã|â")
_NUMBERS = ("", "one", "two", "three", "four", "five")
_HEAD = "---\ntitle: Kräutergarten\nlifecycle:\n  confidence: 2\n---\n\n"
_END = "> Viele Gärten.\n\n### Section 1: Context\n"


class ConfidenceLine(Rule):
    """A confidence rating in the expected form stands above the sections."""

    name = "confidence-line"
    severity = Severity.WARNING
    why = "Readers see at once how far to trust the pattern; in any other form, the line is not shown as a box."
    notes = (
        "The specification names its beginning as `confidence-line`. In 7.1 and 8.2, the form is "
        "`> [!NOTE] Confidence Rating: ★★☆ (Medium)`: one to three ★, optionally filled up to three "
        "with ☆, and any words in parentheses. The fix rewrites a line in another form as far as it has stars and "
        "words; `2/3`, `⭐⭐` and `**` count as two stars. If the line is missing, the finding points at the first "
        "line of the body, and the fix takes the stars from `lifecycle.confidence` and the word from the template: "
        "Low, Medium or High. That fix is unsafe, because only a person can tell how far to trust the pattern."
    )
    bad = (
        Example(
            _HEAD + "Grüne Töpfe.\n\n«[!NOTE] Confidence Rating: ★★☆ (Medium)»\n" + _END,
            _HEAD + "Grüne Töpfe.\n\n> [!NOTE] Confidence Rating: ★★☆ (Medium)\n" + _END,
        ),
        Example(
            _HEAD + "> Grüne Töpfe.\n\n«> [!NOTE]\n> **Confidence rating:** 2/3 (Erprobt)»\n" + _END,
            _HEAD + "> Grüne Töpfe.\n\n> [!NOTE] Confidence Rating: ★★☆ (Erprobt)\n" + _END,
        ),
        Example(_HEAD + "«> [!NOTE] Confidence Rating: ★★★★ (High)»\n" + _END, note="more than three stars"),
        Example(_HEAD + "«> [!NOTE] Confidence Rating: Ã¢Ëœâ€¦ (High)»\n" + _END, note="unreadable stars"),
        Example(_HEAD + "«> [!NOTE] Confidence Rating: ★★☆»\n" + _END),
        Example(
            _HEAD
            + "«Grüne Töpfe, die»\nman teilt.\n\n### Section 1: Context\n\nConfidence ratings are no matter here.\n",
            _HEAD + "Grüne Töpfe, die\nman teilt.\n\n> [!NOTE] Confidence Rating: ★★☆ (Medium)\n\n"
            "### Section 1: Context\n\nConfidence ratings are no matter here.\n",
            unsafe=True,
        ),
        Example(
            _HEAD + "«### Section 1: Context»\n\nDraußen.\n",
            _HEAD + "> [!NOTE] Confidence Rating: ★★☆ (Medium)\n\n### Section 1: Context\n\nDraußen.\n",
            unsafe=True,
        ),
        Example("---\ntitle: Kräutergarten\n---\n«»"),
    )
    good = (
        Example(_HEAD + "Töpfe.\n\n> [!NOTE] Confidence Rating: ★ (Emerging – für uns)\n"),
        Example(_HEAD + "# Töpfe\n\n> [!NOTE] Confidence Rating: ★★★ (High)  \n\nText.\n"),
        Example(
            _HEAD + "> [!NOTE] Confidence Rating: ★★★ (High) <!-- patternlint: ignore[confidence-mismatch] ja -->\n"
        ),
        Example((_HEAD + "> [!NOTE] Confidence Rating: ★★☆ (Medium)\n").replace("\n", "\r\n")),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        rating = body_text.find_confidence_line(pattern)
        if rating is None:
            if pattern.spec.confidence and pattern.spec.body.confidence_line:
                yield self._missing(pattern)
            return
        line = body_text.split_suppressions(rating.line.text)[0].rstrip()
        begin, maximum = pattern.spec.body.confidence_line, len(pattern.spec.body.confidence_labels)
        match = _REST.fullmatch(line, len(begin)) if line.startswith(begin) else None
        if match is None or len(match[1]) + len(match[2]) > maximum:
            yield self._malformed(pattern, rating)

    def _missing(self, pattern: Pattern) -> Diagnostic:
        first = body_text.first_line(pattern)
        rating = _declared_rating(pattern)
        fix = None
        if first is not None and _is_rating(pattern, rating):
            line = _confidence_line(pattern, int(rating))
            opening = body_text.lead_paragraph(pattern)
            if opening is None:
                edit = Replacement(Span(first.start, first.start), f"{line}\n\n")
            else:
                edit = Replacement(Span(opening.end, opening.end), f"\n\n{line}")
            fix = Fix(f"add `{line}`", Safety.UNSAFE, (edit,), CHANGES_BODY)
        end = pattern.body.span.end
        return self.at(
            pattern,
            first.span if first is not None else Span(end, end),
            "missing confidence rating",
            route=BODY_ROUTE,
            help=f"add a line such as `{_confidence_line(pattern, _middle(pattern))}` above the first section",
            fix=fix,
        )

    def _malformed(self, pattern: Pattern, rating: body_text.Confidence) -> Diagnostic:
        text = pattern.source.text
        line, suppressions = body_text.split_suppressions(rating.line.text)
        line = line.rstrip()
        start, end = rating.line.start, rating.line.start + len(line)
        if suppressions and not rating.line.text.startswith(line + suppressions):
            end = rating.line.start + len(rating.line.text.rstrip())
        above = text[text.rfind("\n", 0, max(0, start - 1)) + 1 : start]
        if above.strip(" \t\r\n>").casefold() == "[!note]":
            start -= len(above)
        rest = text[rating.stars.end : end].strip()
        fix = None
        if (
            _is_rating(pattern, rating.rating)
            and rating.stars.start == rating.rest
            and rest[:1] == "("
            and rest[-1:] == ")"
        ):
            line = _confidence_line(pattern, rating.rating, rest)
            edit = Replacement(Span(start, end), line)
            fix = Fix(f"replace the line with `{line}`", Safety.SAFE, (edit,), CHANGES_BODY)
        return self.at(
            pattern,
            Span(start, end),
            _problem(pattern, rating),
            route=BODY_ROUTE,
            help=_advice(pattern, rating, rest),
            fix=fix,
        )


def _declared_rating(pattern: Pattern) -> float:
    """Return the number in the front matter, or 0."""
    node = pattern.get(*pattern.spec.confidence) if pattern.spec.confidence else None
    return (node.number or 0) if node is not None else 0


def _is_rating(pattern: Pattern, rating: float) -> bool:
    return rating in range(1, len(pattern.spec.body.confidence_labels) + 1)


def _middle(pattern: Pattern) -> int:
    return max(1, len(pattern.spec.body.confidence_labels) - 1)


def _confidence_line(pattern: Pattern, rating: int, words: str = "") -> str:
    """Return the line with a number of stars and words in parentheses, by default the label for that many stars."""
    body = pattern.spec.body
    words = words or f"({body.confidence_labels[rating - 1]})"
    return f"{body.confidence_line}{'★' * rating}{'☆' * (len(body.confidence_labels) - rating)} {words}"


def _range(pattern: Pattern) -> str:
    """Return the allowed numbers of stars in words: "one to three"."""
    most = len(pattern.spec.body.confidence_labels)
    return f"one to {_NUMBERS[most] if most < len(_NUMBERS) else most}"


def _advice(pattern: Pattern, rating: body_text.Confidence, rest: str) -> str:
    """Return the line to write, with the stars and words of the current line where they are valid."""
    if not _is_rating(pattern, rating.rating):
        declared = _declared_rating(pattern)
        stars = int(declared) if _is_rating(pattern, declared) else _middle(pattern)
        return f"write {_range(pattern)} ★ and a word in parentheses: `{_confidence_line(pattern, stars)}`"
    words = rest.strip(" .()[]{}–—-:,*_")
    line = _confidence_line(pattern, rating.rating, f"({words})" if words and not _SIGNS.search(words) else "")
    return f"write `{line}`"


def _problem(pattern: Pattern, rating: body_text.Confidence) -> str:
    """Return what is wrong with the line, the most basic problem first."""
    begin = pattern.spec.body.confidence_line
    if not rating.line.text.startswith(begin):
        return f"confidence rating does not begin with `{begin}`"
    if not rating.rating:
        return "confidence rating has no stars"
    if not _is_rating(pattern, rating.rating):
        return f"confidence rating has {rating.rating} stars, expected {_range(pattern)}"
    return f"confidence rating is not {_range(pattern)} ★ and a word in parentheses"
