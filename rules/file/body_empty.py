from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from patternlint.rule import BODY_ROUTE, Diagnostic, Example, Pattern, Rule, Severity, Span, body_text

_FEWEST_WORDS = 3
_FIRST_WITHOUT_SPACES = "\u0e00"  # from here on, most scripts do not separate words by spaces


class BodyEmpty(Rule):
    """A pattern has text below its front matter."""

    name = "body-empty"
    severity = Severity.ERROR
    why = "A program that stops early, or an editor that saves too soon, leaves the front matter without its text."
    notes = (
        "Comments, thematic breaks and Markdown markup do not count as text. Fewer than three words, such as "
        "`null` or `TODO`, are not enough, and neither are headings without text below them. The rule applies to "
        "files of every specification, including drafts, because a draft contains at least the prompts of its "
        "template."
    )
    bad = (
        Example("---\ntitle: Gärten\n«---»\n", note="no text"),
        Example("---\ntitle: Gärten\n«---»\n\n---\n\n<!-- Der Text fehlt noch an dieser Stelle. -->\n"),
        Example("---\ntitle: Gärten\n«---»\n\nnull\n"),
        Example("---\ntitle: Gärten\n«---»\n\n# Der Garten am Fluss\n\n## Der Weg zum Garten\n"),
    )
    good = (
        Example("---\ntitle: Gärten\n---\n\nEin Garten blüht.\n"),
        Example("---\ntitle: Gärten\n---\n\n```\nein_garten()\n```\n", note="code"),
        Example("---\ntitle: Gärten\n---\n\n花园在河边。\n", note="a script without spaces between words"),
        Example("---\ntitle: Gärten\n---\n\n![Ein Garten](garten.png)\n", note="an image"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        if _has_text(pattern):
            return
        yield self.at(
            pattern,
            pattern.front.closing,
            "missing text below the front matter",
            route=BODY_ROUTE,
            help="restore the text from an earlier version, or write at least three words",
        )


def _has_text(pattern: Pattern) -> bool:
    body = pattern.body
    words = 0
    for line in pattern.lines(Span(body.span.start, body.span.end)):
        if (
            not any(map(str.isalnum, line.text))
            or body.heading_at(line.start)
            or body_text.is_in_html_comment(pattern, line.start)
        ):
            continue
        if body.is_in_code_block(line.start) or "](" in line.text or "[[" in line.text:
            return True
        named = (word for word in line.text.split() if any(map(str.isalnum, word)))
        words += len(list(islice(named, _FEWEST_WORDS)))  # a line may have hundreds
        if words >= _FEWEST_WORDS or _is_dense(line.text):
            return True
    return False


def _is_dense(text: str) -> bool:
    return max(text) >= _FIRST_WITHOUT_SPACES and any(
        letter >= _FIRST_WITHOUT_SPACES and letter.isalpha() for letter in text
    )
