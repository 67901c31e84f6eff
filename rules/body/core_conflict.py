from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import (
    BODY_ROUTE,
    DeclaredChange,
    Diagnostic,
    Example,
    Fix,
    Pattern,
    Replacement,
    Route,
    Rule,
    Safety,
    Section,
    Severity,
    Span,
    label,
)

_SECTION = 2
_BEGIN = "> **The core conflict is "
_END = ".**"
_ARTICLES = frozenset(("a", "an", "the"))
_HEAD = (
    "---\ntitle: Kräutergarten\nontology:\n  search_hints:\n    primary_tension: Nähe vs. Weite\n---\n\n"
    "### Section 2: Problem\n\n"
)
_MARKED = _HEAD.replace("### Section 2: Problem", "«### Section 2: Problem»")


class CoreConflict(Rule):
    """The problem names the primary tension of the pattern."""

    name = "core-conflict"
    severity = Severity.WARNING
    why = "The tension in the front matter is what the pattern is found by; the text should be about the same one."
    notes = (
        "Section 2 has a line `> **The core conflict is X.**`, and X contains `primary_tension`; capitals, punctuation, "
        "articles and the spelling of “vs.” do not matter. An article that is a side of the tension by itself, as in "
        "“The vs. Life”, counts as a word. Without a primary tension only the form of the line is looked at."
    )
    bad = (
        Example(
            _MARKED + "Es ist eng.\n",
            _HEAD + "> **The core conflict is Nähe vs. Weite.**\n\nEs ist eng.\n",
            unsafe=True,
        ),
        Example(
            _MARKED + "> **The core tension is Nähe vs. Weite.**\n\nEs ist eng.\n",
            _HEAD + "> **The core conflict is Nähe vs. Weite.**\n\nEs ist eng.\n",
            unsafe=True,
            note="nearly",
        ),
        Example(
            _HEAD + "> **The core conflict is «Weite vs. Nähe».**\n\nEs ist eng.\n",
            _HEAD + "> **The core conflict is Nähe vs. Weite.**\n\nEs ist eng.\n",
            unsafe=True,
        ),
        Example(
            _HEAD.replace("Nähe", "The") + "> **The core conflict is «die Nähe vs. Weite».**\n",
            _HEAD.replace("Nähe", "The") + "> **The core conflict is The vs. Weite.**\n",
            unsafe=True,
        ),
        Example(_MARKED.replace("primary_tension: Nähe vs. Weite", "vector_keywords: []") + "Es ist eng.\n"),
    )
    good = (
        Example(_HEAD + "Es ist so:\n\n> **The core conflict is between the nähe versus the “weite”, too.**\n"),
        Example(_HEAD.replace("2: Problem", "3: Solution") + "Kisten.\n"),
        Example(_HEAD.replace("Nähe vs. Weite", "''") + "> **The core conflict is Nähe vs. Weite.**\n"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        section = pattern.body.section(_SECTION)
        if section is None:
            return
        route = pattern.spec.tension
        tension = " ".join((pattern.text(*route) or "").split()) if route else ""
        said = _said(pattern, section)
        if said is None:
            yield self._missing(pattern, section, tension)
        elif tension and not _contains(pattern.source.slice(said), tension):
            yield self._other(pattern, section.route, said, tension)

    def _missing(self, pattern: Pattern, section: Section, tension: str) -> Diagnostic:
        near = _near(pattern, section)
        line = f"{_BEGIN}{tension.rstrip('.') or '…'}{_END}"
        fix = None
        if tension:
            end = section.heading.span.end
            edit = Replacement(near, line) if near is not None else Replacement(Span(end, end), "\n\n" + line)
            fix = Fix(
                f"{'add' if near is None else 'write'} `{line}`", Safety.UNSAFE, (edit,), (DeclaredChange(BODY_ROUTE),)
            )
        return self.at(
            pattern,
            section.heading.span,
            f"section {_SECTION}, {section.title}, has no line `{_BEGIN}…{_END}`",
            route=section.route,
            help=f"begin the section with `{line}`",
            labels=(label(pattern, near, "this is nearly it"),) if near is not None else (),
            fix=fix,
        )

    def _other(self, pattern: Pattern, route: Route, said: Span, tension: str) -> Diagnostic:
        node = pattern.get(*pattern.spec.tension)
        there = (label(pattern, node.label_span, "the primary tension"),) if node is not None else ()
        text = tension.rstrip(".")
        return self.at(
            pattern,
            said,
            f"the core conflict is not the primary tension, `{tension}`",
            route=route,
            help="say the same in both places: in this line, or in the front matter",
            labels=there,
            fix=Fix(f"write `{text}`", Safety.UNSAFE, (Replacement(said, text),), (DeclaredChange(BODY_ROUTE),)),
        )


def _said(pattern: Pattern, section: Section) -> Span | None:
    """Return the place of X in the line `> **The core conflict is X.**`, or None."""
    text = pattern.source.text
    start = section.span.start
    while True:
        start = text.find("\n" + _BEGIN, start, section.span.end) + 1
        if not start:
            return None
        end = text.find("\n", start, section.span.end)
        line = text[start : end if end >= 0 else section.span.end].rstrip()
        if line.endswith(_END) and len(line) > len(_BEGIN) + len(_END):
            return Span(start + len(_BEGIN), start + len(line) - len(_END))


def _near(pattern: Pattern, section: Section) -> Span | None:
    """Return a line that was meant to be the one with the core conflict, or None."""
    for line in pattern.lines(section.span, code=False):
        words = line.text.lstrip(" \t>*_").casefold()
        if words.startswith(("the core conflict", "the core tension")) and line.text.lstrip()[:1] in (">", "*", "_"):
            return line.span
    return None


def _contains(said: str, tension: str) -> bool:
    return said == tension or f" {_folded(tension)} " in f" {_folded(said)} "


def _folded(text: str) -> str:
    """Return the words of a text as they are compared: small, without articles and punctuation."""
    bare = "".join(c if c.isalnum() else "" if c in "'’" else " " for c in text.casefold())
    words = ["vs" if word == "versus" else word for word in bare.split()]
    following = [*words, "vs"][1:]
    return " ".join(
        word for word, after in zip(words, following, strict=True) if word not in _ARTICLES or after == "vs"
    )
