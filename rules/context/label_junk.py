from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Annotated, Diagnostic, Example, Meta, Pattern, Rule, Severity


class LabelJunk(Rule):
    """A context label is longer than three characters."""

    name = "label-junk"
    severity = Severity.WARNING
    why = "The label is the pattern's name for readers from that context; a scrap such as `Med` tells them nothing."
    notes = "Blanks at either end do not count. An empty label is one, too."
    bad = (
        Example('context_labels:\n  corporate: "Geräte für alle"\n  government: «"Med"»\n'),
        Example("context_labels:\n  tech: «''»\n"),
        Example('context_labels: {tech: «"   "», corporate: «Öl»}\n'),
    )
    good = (
        Example('context_labels:\n  government: "Medi"\n  tech: API pool\n'),
        Example("context_labels:\n  tech: HR\n", options={"longer-than": 1}),
        Example("context_labels:\n  tech:\n", note="no text: `wrong-type` says so"),
    )

    longer_than: Annotated[int, Meta(ge=0, description="A label must have more characters than this.")] = 3

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        """Count the characters of each label."""
        labels = pattern.get("context_labels")
        if labels is None:
            return
        for name, node in labels.keys.items():
            if isinstance(node.value, str) and len(node.value.strip()) <= self.longer_than:
                text = node.value.strip()
                yield self.at(
                    pattern,
                    node.label_span,
                    f"the label `{name}` is only `{text}`" if text else f"the label `{name}` is empty",
                    route=("context_labels", name),
                    help=f"write what people in the context `{name}` would call this pattern",
                )
