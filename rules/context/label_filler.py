from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Annotated, Diagnostic, Example, Meta, Pattern, Rule, Severity

_ENDINGS = (" for Organizations", " in Public Service", " for Movements", " for Products")


class LabelFiller(Rule):
    """Context labels do not just repeat the title."""

    name = "label-filler"
    severity = Severity.INFO
    enabled = False
    why = "Readers of that context search with their own terms. A repeated title does not help them."
    notes = "A label is reported if it is the title, with or without one of the `endings`. Case is ignored."
    bad = (
        Example('title: Bürgergarten\ncontext_labels:\n  tech: «"Bürgergarten for Products"»\n'),
        Example("title: Öffentlicher Garten\ncontext_labels:\n  activist: «öffentlicher Garten»\n"),
        Example(
            "title: Garten\ncontext_labels:\n  activist: «Garten der Leute»\n", options={"endings": [" der Leute"]}
        ),
    )
    good = (
        Example("title: Garden\ncontext_labels:\n  tech: Garden Planning for Products\n"),
        Example("title: Garden\ncontext_labels:\n  tech: Garden for Everyone\n"),
    )

    endings: Annotated[
        tuple[str, ...], Meta(description="Endings that add no information to a title, with the leading space.")
    ] = _ENDINGS

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        title = (pattern.text(pattern.spec.identity.title) or "").casefold()
        labels = pattern.get(pattern.spec.labels)
        if labels is None or not title:
            return
        fillers = {title, *(title + ending.casefold() for ending in self.endings)}
        for name, node in labels.keys.items():
            if isinstance(node.value, str) and node.value.strip().casefold() in fillers:
                yield self.at(
                    pattern,
                    node.label_span,
                    f"label `{name}` only repeats the title",
                    route=(pattern.spec.labels, name),
                    help=f'write a title in the terms of `{name}` readers: `{name}: "…"`',
                )
