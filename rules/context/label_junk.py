from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Annotated, Diagnostic, Example, Meta, Pattern, Rule, Severity


class LabelJunk(Rule):
    """Context labels are longer than three characters."""

    name = "label-junk"
    severity = Severity.WARNING
    why = "The label is the name of the pattern for readers of that context. A fragment such as `Med` is meaningless."
    notes = "Whitespace at both ends is not counted. An empty label is reported too."
    bad = (
        Example('context_labels:\n  corporate: "Geräte für alle"\n  government: «"Med"»\n'),
        Example("context_labels:\n  tech: «''»\n"),
        Example('context_labels: {tech: «"   "», corporate: «Öl»}\n'),
    )
    good = (
        Example('context_labels:\n  government: "Medi"\n  tech: API pool\n'),
        Example("context_labels:\n  tech: HR\n", options={"longer-than": 1}),
        Example("context_labels:\n  tech:\n", note="not a string: reported by `wrong-type`"),
    )

    longer_than: Annotated[int, Meta(ge=0, description="Number of characters that a label must exceed.")] = 3

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        labels = pattern.get(pattern.spec.labels)
        if labels is None:
            return
        for name, node in labels.keys.items():
            if isinstance(node.value, str) and len(node.value.strip()) <= self.longer_than:
                text = node.value.strip()
                yield self.at(
                    pattern,
                    node.label_span,
                    f"label `{name}` is only `{text}`" if text else f"label `{name}` is empty",
                    route=(pattern.spec.labels, name),
                    help=f'write a title in the terms of `{name}` readers: `{name}: "…"`',
                )
