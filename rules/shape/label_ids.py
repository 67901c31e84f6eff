from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Library, LibraryRule, Severity, phrases, shape

_BATCH = 500
_SHOWN = 3


def _node(key: str, label: str, identity: str) -> str:
    return f'---\ngraph_garden:\n  {key}:\n    - id: {identity}\n      label: "{label}"\n---\n'


class LabelIds(LibraryRule):
    """A label of entities or communities has one id in the whole library."""

    name = "label-ids"
    severity = Severity.WARNING
    enabled = False
    why = "The graph has two nodes for one thing, and patterns that name the one do not lead to those that name the other."
    notes = (
        "Case and punctuation of labels are ignored. The message gives the number of patterns for each id. An entity and a community may have the same label. Findings are about the library "
        "and have no file; a run for some files does not report them."
    )
    bad = (
        Example(
            {
                "a.md": _node("entities", "Söderström, Käthe", "kathe-soderstrom"),
                "b.md": _node("entities", "Söderström Käthe", "soderstrom-kathe"),
                "c.md": _node("entities", "Söderström, Käthe", "kathe-soderstrom"),
            },
        ),
    )
    good = (
        Example(
            {
                "a.md": _node("entities", "Söderström, Käthe", "kathe-soderstrom"),
                "b.md": _node("communities", "Söderström, Käthe", "soderstrom-kathe"),
                "c.md": _node("entities", "…", "kathe-soderstrom"),
                "d.md": _node("entities", "…", "soderstrom-kathe"),
            },
        ),
    )

    def check(self, library: Library) -> Iterator[Diagnostic]:
        if not library.is_whole:
            return
        batches = (library.own_patterns[at : at + _BATCH] for at in range(0, len(library.own_patterns), _BATCH))
        cards = (pair for some in batches for pair in sorted(library.load_cards(some).items()))
        for one in shape.node_ids(cards):
            (usual, _), *others = one.ids
            counts = phrases.join_and([f"`{name}` ({len(paths):,})" for name, paths in one.ids])
            paths = sorted({path for _, some in others for path in some})
            more = f" and {len(paths) - _SHOWN:,} more" if len(paths) > _SHOWN else ""
            yield self.about_library(
                f"`{one.label}` in `{one.kind}` has {len(one.ids)} ids: {counts}",
                subject=f"{one.kind} {one.label}",
                help=f"write `id: {usual}` in {', '.join(phrases.backticked(paths[:_SHOWN]))}{more}, or change the label",
            )
