from __future__ import annotations

import re
from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Pattern, Rule, Severity, Span

_LEAD = "This pattern draws on "
_PARTS = re.compile(r"[,;/&]| and ")
_FOLD = re.compile(r"[\W_]+")


def _example(sources: str, line: str) -> Example:
    return Example(f"---\ntitle: Gärten\nsources: {sources}\n---\n> [!NOTE] Confidence Rating: ★☆☆ (Low)\n{line}\n")


class SourcesLine(Rule):
    """The line "This pattern draws on …" names the sources in the front matter."""

    name = "sources-line"
    severity = Severity.INFO
    enabled = False
    why = "Readers see the line, programs the list. If only one of them is updated, the other credits the wrong people."
    notes = (
        "Only quoted text (`>`) is checked, where the line follows the confidence rating. The line may contain more than the "
        "list, such as the book of a person. It must contain each source, or each part of it between commas, slashes, `&` "
        "and “and”. Case and punctuation are ignored."
    )
    bad = (
        _example('["Käte Möller", "Ostrom"]', "> This pattern draws on «Käte Möller’s field notes»."),
        _example('["Ostrom / Alexander"]', "> This pattern draws on «Elinor Ostrom»."),
        _example("[]", "> This pattern draws on «Elinor Ostrom»."),
    )
    good = (
        _example('["Ostrom, Alexander"]', "> This pattern draws on Elinor Ostrom’s studies and Christopher Alexander."),
        _example('["Ostrom"]', "This pattern draws on how neighbors live together."),
        _example('["Ostrom"]', "> It draws on Alexander."),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        body = pattern.body.span
        text = pattern.source.text
        at = text.find(_LEAD, body.start)
        sources = pattern.get(pattern.spec.sources) if at >= 0 else None
        if sources is None:
            return
        names = [item.value for item in sources.items if isinstance(item.value, str)]
        while at >= 0:
            start = at + len(_LEAD)
            newline = text.find("\n", start)
            line = text[start : newline if newline >= 0 else len(text)].rstrip(". \t\r")
            if text[text.rfind("\n", 0, at) + 1 : at].startswith(">"):
                missing = _missing(names, line)
                if missing or not names:
                    yield self.at(
                        pattern,
                        Span(start, start + len(line)),
                        f"source `{missing}` is not named in this line"
                        if missing
                        else f"`{pattern.spec.sources}` is empty",
                        route=("body",),
                        subject=missing,
                        help=f"name the same people and works in this line and in `{pattern.spec.sources}`",
                    )
            at = text.find(_LEAD, start)


def _missing(names: list[str], line: str) -> str:
    """Return the first part of the sources that is not in the line, or an empty string."""
    folded = f" {_fold(line)} "
    for name in names:
        if _fold(name) in folded:
            continue
        for part in _PARTS.split(name):
            words = _fold(part)
            if words and words not in folded:
                return part.strip()
    return ""


def _fold(text: str) -> str:
    return _FOLD.sub(" ", text.casefold()).strip()
