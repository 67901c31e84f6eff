from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, FileRule, Label, ParsedFile, Severity, Source, Span, label

_OPENING = "<<<<<<< "
_BASE = "||||||| "
_MIDDLE = "======="
_CLOSING = ">>>>>>> "


class ConflictMarker(FileRule):
    """Nothing is left over from a merge that was not finished."""

    name = "conflict-marker"
    severity = Severity.ERROR
    why = "Two versions of the text stand one below the other, and readers see both and the marks between them."
    notes = (
        "There is one finding for each `<<<<<<<`, which shows the marks that belong to it, and one for a `>>>>>>>` "
        "that was left alone. A line of `=======` by itself is Markdown's way to underline a heading, and lines that "
        "begin with `>` above or below make seven of them a quotation."
    )
    bad = (
        Example(
            "---\ntitle: Gärten\n---\n\n# Gärten\n\n«<<<<<<< HEAD»\nEin Beet.\n=======\nZwei Beete.\n>>>>>>> andere\n"
        ),
        Example("title: Gärten\n«<<<<<<< HEAD»\nslug: a\n=======\nslug: b\n>>>>>>> andere\n"),
        Example("---\ntitle: Gärten\n---\n\nEin Beet.\n«>>>>>>> andere»\n\nText.\n"),
        Example("---\ntitle: Gärten\n---\n«<<<<<<< a»\n||||||| b\n=======\n>>>>>>> c\n\n«<<<<<<< d»\n=======\n"),
    )
    good = (
        Example("---\ntitle: Gärten\n---\n\nGärten\n=======\n\nText: <<<<<<< HEAD\n"),
        Example("---\ntitle: Gärten\n---\n\n>>>>>>> ein Zitat im Zitat\n>>>>>> und so fort\n"),
    )

    def check(self, parsed: ParsedFile) -> Iterator[Diagnostic]:
        source = parsed.source
        rare = source.uncommon_bytes
        if b"<<<<<<<" not in rare and b">>>>>>>" not in rare:
            return
        opening: Span | None = None
        labels: list[Label] = []
        for number in range(1, len(source.lines) + 1):
            text = source.line_text(number)
            if text.startswith(_OPENING):
                if opening is not None:
                    yield self._conflict(source, opening, labels)
                opening, labels = source.line_span(number), []
            elif opening is not None and (text.startswith(_BASE) or text.rstrip() == _MIDDLE):
                labels.append(label(source, source.line_span(number), "the other version begins here"))
            elif text.startswith(_CLOSING) and opening is not None:
                labels.append(label(source, source.line_span(number), "it ends here"))
                yield self._conflict(source, opening, labels)
                opening = None
            elif text.startswith(_CLOSING) and not _quoted(source, number):
                yield self._conflict(source, source.line_span(number), [])
        if opening is not None:
            yield self._conflict(source, opening, labels)

    def _conflict(self, source: Source, span: Span, labels: list[Label]) -> Diagnostic:
        return self.at(
            source,
            span,
            "a mark of a merge that was not finished",
            subject=source.slice(span),
            help="keep the version that is right and delete the lines with the marks",
            labels=tuple(labels),
        )


def _quoted(source: Source, number: int) -> bool:
    """Return whether the line above or below line `number` is a quotation."""
    last = len(source.lines)
    return (number > 1 and source.line_text(number - 1).startswith(">")) or (
        number < last and source.line_text(number + 1).startswith(">")
    )
