from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, FileRule, Label, ParsedFile, Severity, Source, Span, label

_OPENING = "<<<<<<< "
_BASE = "||||||| "
_MIDDLE = "======="
_CLOSING = ">>>>>>> "


class ConflictMarker(FileRule):
    """The file has no markers of an unresolved merge conflict."""

    name = "conflict-marker"
    severity = Severity.ERROR
    why = "Readers see both versions of the text, one below the other, with the markers between them."
    notes = (
        "Each `<<<<<<<` is one finding, with the markers that belong to it, and so is a `>>>>>>>` without one. A "
        "single line of `=======` is not reported, because Markdown uses it to underline headings, and neither is "
        "`>>>>>>>` next to lines that begin with `>`, because it is part of a quotation."
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
            text, span = source.line_text(number), source.line_span(number)
            if text.startswith(_OPENING):
                if opening is not None:
                    yield self._conflict(source, opening, labels)
                opening, labels = span, []
            elif opening is not None and (text.startswith(_BASE) or text.rstrip() == _MIDDLE):
                labels.append(label(source, span, "other version"))
            elif text.startswith(_CLOSING) and opening is not None:
                labels.append(label(source, span, "end of the conflict"))
                yield self._conflict(source, opening, labels)
                opening = None
            elif text.startswith(_CLOSING) and not _is_quotation(source, number):
                yield self._conflict(source, span, [])
        if opening is not None:
            yield self._conflict(source, opening, labels)

    def _conflict(self, source: Source, span: Span, labels: list[Label]) -> Diagnostic:
        return self.at(
            source,
            span,
            "unresolved merge conflict",
            subject=source.slice(span),
            help="keep the correct version and delete the lines with the markers",
            labels=tuple(labels),
        )


def _is_quotation(source: Source, number: int) -> bool:
    """Return whether the line above or below line `number` begins with `>`."""
    neighbors = (line for line in (number - 1, number + 1) if 1 <= line <= len(source.lines))
    return any(source.line_text(line).startswith(">") for line in neighbors)
