"""The fix of `label-ids` renames ids of nodes, and changes nothing else."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from patternlint.fixer.apply import fix_files
from patternlint.library.entry import build_entry, fold_title
from patternlint.library.library import Library
from patternlint.linter.linter import Linter
from patternlint.linter.registry import Registry, built_in_rules
from patternlint.linter.selection import select
from patternlint.parser.parser import parse
from patternlint.source import Source
from patternlint.spec.loader import load_specs

SPECS = load_specs()
LINTER = Linter(select(Registry(built_in_rules()), SPECS, chosen=("label-ids",)))
KINDS = ("entities", "communities")
LABELS = ("Trust", "trust!", "Öven", "Open Table", "…")
IDS = ("trust", "vertrauen", "oven", "null", "a-b")
WRITTEN = ("{}", '"{}"', "'{}'", "&anchor {}", "!!str {}", '"\\u0061{}"')

nodes = st.tuples(st.sampled_from(LABELS), st.sampled_from(IDS), st.sampled_from(WRITTEN), st.booleans())
graphs = st.fixed_dictionaries({kind: st.lists(nodes, max_size=3) for kind in KINDS})


def text_of(graph: Mapping[str, list[tuple[str, str, str, bool]]]) -> str:
    lines = ["title: Öven", "slug: trust", "graph_garden:"]
    anchors = iter(range(99))
    for kind, items in graph.items():
        lines.append(f"  {kind}:{'' if items else ' []'}")
        for label, identity, form, is_flow in items:
            value = form.format(identity).replace("anchor", f"a{next(anchors)}")
            lines.append(
                f'    - {{id: {value}, label: "{label}"}}  # trust'
                if is_flow
                else f'    - id: {value}  # trust\n      label: "{label}"'
            )
    lines.append("  inferred_links:\n    - target: trust\n      type: enables")
    return "\n".join(("---", *lines, "---", "# trust", ""))


def graph_of(text: str) -> Any:
    return yaml.safe_load(text.split("---\n")[1])


@given(st.lists(graphs, min_size=1, max_size=6))
def test_a_fix_renames_nodes_to_the_usual_id(some: list[Mapping[str, list[tuple[str, str, str, bool]]]]) -> None:
    texts = {f"{number}.md": text_of(graph) for number, graph in enumerate(some)}
    parsed = {path: parse(Source(path, text.encode()), SPECS) for path, text in texts.items()}
    library = Library.build(map(build_entry, parsed.values()), SPECS)
    findings = LINTER.lint_library(library, lambda _: frozenset())
    fixed = fix_files(parsed, [finding for finding in findings if finding.fix])
    data = {path: graph_of(text) for path, text in texts.items()}
    counts: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for front in data.values():
        for kind in KINDS:
            items = front["graph_garden"][kind]
            for label, identity in {(fold_title(node["label"]), node["id"]) for node in items if node["id"]}:
                counts[kind, label][identity] += 1
    renamed = 0
    for path, text in texts.items():
        after = fixed[path].decode() if path in fixed else text
        assert re.sub(r"id: .*", "id:", after) == re.sub(r"id: .*", "id:", text)
        for kind in KINDS:
            before, now = data[path]["graph_garden"][kind], graph_of(after)["graph_garden"][kind]
            for one, other in zip(before, now, strict=True):
                if one != other:
                    renamed += 1
                    usual = counts[kind, fold_title(one["label"])]
                    assert other == {**one, "id": usual.most_common(1)[0][0]}
                    assert usual[other["id"]] > usual[one["id"]]
            assert len({node["id"] for node in now}) >= len({node["id"] for node in before})  # none are merged
    assert renamed == sum(finding.fix is not None for finding in findings)
