from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import BODY_ROUTE, Diagnostic, Example, Pattern, Rule, Severity, Span, body_text

_FEW = 3
_WITHOUT_BLANKS = "\u0e00"  # from here on, most scripts have no blanks between words


class BodyEmpty(Rule):
    """A pattern has text below its front matter."""

    name = "body-empty"
    severity = Severity.ERROR
    why = "A program that stops in the middle, or an editor that saves too early, leaves the front matter without its text."
    notes = (
        "Text is what is left without comments, thematic breaks and marks of Markdown. Fewer than three words, such as "
        "`null` or `TODO`, count as none; headings without anything below them do too. It applies to files of every "
        "specification, drafts included: the text of a draft is at least the prompts of its template."
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
        Example("---\ntitle: Gärten\n---\n\n花园在河边。\n", note="a script without blanks between words"),
        Example("---\ntitle: Gärten\n---\n\n![Ein Garten](garten.png)\n", note="an image"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        if _has_text(pattern):
            return
        yield self.at(
            pattern,
            pattern.front.closing,
            "no text below the front matter",
            route=BODY_ROUTE,
            help="restore the text from an earlier version, or write it",
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
        if body.is_in_code_block(line.start) or "](" in line.text or "[[" in line.text or _is_dense(line.text):
            return True
        words += len([word for word in line.text.split() if any(map(str.isalnum, word))])
        if words >= _FEW:
            return True
    return False


def _is_dense(text: str) -> bool:
    return not text.isascii() and any(letter >= _WITHOUT_BLANKS and letter.isalpha() for letter in text)
