from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Library, LibraryRule, Severity, label, links

_STAGES = """
[relationships.flow]
key = "attribution"
order = ["Draft", ["Review", "Last call"], "Final"]
types = ["requires"]
"""


def _file(slug: str, stage: str, target: str, kind: str = "requires") -> str:
    return (
        f"slug: {slug}\nontology: {{}}\nrelationships:\n  {kind}:\n    - slug: {target}\n      weight: 1\n"
        f"attribution: {stage}\n"
    )


class RelationshipFlow(LibraryRule):
    """Records link only to records at the same stage or at a later one."""

    name = "relationship-flow"
    severity = Severity.WARNING
    why = "A finished record that requires a draft is not finished: the draft may still change or never be adopted."
    notes = (
        "The specification names the key of the stage, the stages in order, and the relationship types, under "
        "`[relationships.flow]`. Records without a stage, and those with a stage that is not in the order, are skipped. The "
        "built-in specifications have no stages. The examples use the key `attribution` for a stage."
    )
    bad = (
        Example(
            {
                "öven.md": _file("öven", "Final", "«bread»"),
                "bread.md": _file("bread", "Last call", "«flour»"),
                "flour.md": _file("flour", "Draft", "öven"),
            },
            settings=_STAGES,
        ),
    )
    good = (
        Example(
            {
                "öven.md": _file("öven", "Last call", "bread"),
                "bread.md": _file("bread", "Review", "flour"),
                "flour.md": _file("flour", "Final", "gone"),
                "salt.md": _file("salt", "Withdrawn", "water"),
                "water.md": _file("water", "Draft", "salt"),
                "oil.md": _file("oil", "Final", "water", kind="enables"),
            },
            settings=_STAGES,
            note="the same stage in another word, an unknown target, a stage that is not in the order, another type",
        ),
        Example(
            {"a.md": _file("a", "Final", "b"), "b.md": _file("b", "Draft", "a")},
            note="a specification without stages",
        ),
    )

    def check(self, library: Library) -> Iterator[Diagnostic]:
        flows = {spec.version: spec.relationships.flow for spec in library.specs.all}
        ranks = {version: flow.ranks for version, flow in flows.items()}
        for entry in library.targets:
            flow = flows.get(entry.spec)
            rank = ranks[entry.spec].get(entry.stage) if flow is not None else None
            if flow is None or rank is None:
                continue
            for link in entry.links:
                if not link.is_curated or (flow.types and link.relation not in flow.types):
                    continue
                other = library.resolve(link.target)
                if other is None or ranks[entry.spec].get(other.stage, rank) >= rank:
                    continue
                noun = library.spec_of(entry).noun
                yield self.at(
                    entry,
                    link.span,
                    f"`{link.target}` is `{other.stage}`, but this {noun} is `{entry.stage}`",
                    route=links.link_route(link, library.spec_of(entry)),
                    subject=link.target,
                    labels=(label(other, other.span("stage"), f"the `{flow.key}` of `{link.target}`"),),
                    help=f"wait until `{link.target}` is `{entry.stage}`, or change `{flow.key}` of one of the two",
                )
