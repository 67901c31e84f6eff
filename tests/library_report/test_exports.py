"""Exports read back with the same nodes and links."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patternlint.library_report.exports import dot, graphml, links_csv, mermaid, node_link_json
from patternlint.library_report.nodes import Edge, Export, Node
from tests.support.command import ERROR, OK, ROOT, patternlint

EXAMPLES = ROOT / "examples" / "library"
NAMESPACE = "{http://graphml.graphdrawing.org/xmlns}"

TEXT = st.text(max_size=12)


@st.composite
def exports(draw: st.DrawFn) -> Export:
    ids = draw(st.lists(TEXT, min_size=1, max_size=5, unique=True))
    nodes = [Node(one, draw(TEXT), draw(TEXT), missing=draw(st.booleans())) for one in ids]
    ends = st.sampled_from(ids)
    weights = st.none() | st.floats(0, 1)
    edges = [Edge(draw(ends), draw(ends), draw(TEXT), draw(weights)) for _ in range(draw(st.integers(0, 5)))]
    return Export(nodes, edges)


def xml_text(text: str) -> str:
    """Return a text as an XML parser returns it, without the characters that XML cannot contain."""
    kept = re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)
    return kept.replace("\r\n", "\n").replace("\r", "\n")


@given(exports())
def test_graphml(export: Export) -> None:
    root = ET.fromstring(graphml(export))  # noqa: S314 - our own text
    nodes, edges = root.findall(f".//{NAMESPACE}node"), root.findall(f".//{NAMESPACE}edge")
    data = [{one.get("key"): one.text or "" for one in node} for node in (*nodes, *edges)]
    titles = [one.get("node_title", "") for one in data[: len(nodes)]]
    assert titles == [xml_text(node.title) for node in export.nodes]
    assert [node.get("id") for node in nodes] == [f"n{number}" for number in range(len(export.nodes))]
    number = {node.id: f"n{at}" for at, node in enumerate(export.nodes)}
    assert [(one.get("source"), one.get("target")) for one in edges] == [
        (number[edge.source], number[edge.target]) for edge in export.edges
    ]
    assert [one.get("edge_weight") for one in data[len(nodes) :]] == [
        None if edge.weight is None else str(edge.weight) for edge in export.edges
    ]


@given(exports())
def test_json(export: Export) -> None:
    content = json.loads(node_link_json(export))
    assert [one["title"] for one in content["nodes"]] == [node.title for node in export.nodes]
    assert [(one["source"], one["target"], one["type"], one.get("weight")) for one in content["links"]] == [
        (edge.source, edge.target, edge.type, edge.weight) for edge in export.edges
    ]


@given(exports())
def test_csv(export: Export) -> None:
    rows = list(csv.DictReader(io.StringIO(links_csv(export), newline="")))
    linked = {one for edge in export.edges for one in (edge.source, edge.target)}
    assert len(rows) == len(export.edges) + len([node for node in export.nodes if node.id not in linked])
    assert not [value for row in rows for value in row.values() if value.startswith(("=", "+", "-", "@"))]


@given(exports())
def test_mermaid_texts_cannot_end_their_quotes(export: Export) -> None:
    lines = mermaid(export).splitlines()
    assert len(lines) == 1 + len(export.nodes) + len(export.edges)
    assert all(line.count('"') == 2 for line in lines[1:])


@pytest.mark.skipif(shutil.which("dot") is None, reason="requires Graphviz")
def test_dot() -> None:
    title = 'a "b" \\N <c> {d} \\'
    export = Export([Node("a", "a", title), Node("ö", "ö", "Öven")], [Edge("a", "ö", "enables", 0.5)])
    done = subprocess.run(["dot", "-Tjson0"], input=dot(export), capture_output=True, encoding="utf-8", check=True)
    content = json.loads(done.stdout)
    assert [(one["name"], one["label"]) for one in content["objects"]] == [
        ("a", title.replace("\\", "\\\\")),
        ("ö", "Öven"),
    ]
    assert [one["label"] for one in content["edges"]] == ["enables"]


def test_every_format_has_every_link(tmp_path: Path) -> None:
    content = json.loads(patternlint("report", "--format", "json", "-o", "-", cwd=EXAMPLES).out)
    ends = Counter((one["source"], one["target"]) for one in content["links"])
    missing = {one["id"]: one["name"] for one in content["nodes"] if one.get("missing")}
    assert "neighbourhood-assemblage" in missing.values()
    rows = csv.DictReader(patternlint("report", "--format", "csv", "-o", "-", cwd=EXAMPLES).out.splitlines())
    named = Counter((source, missing.get(target, target)) for source, target in ends.elements())
    assert Counter((row["source"], row["target"]) for row in rows if row["type"]) == named
    for name in ("graphml", "dot", "mermaid"):
        result = patternlint("report", "--format", name, "-o", tmp_path / name, cwd=EXAMPLES)
        assert result.code == OK
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert len(re.findall(r"<edge |-> n\d|--?\.?->\|", text)) == len(content["links"])


TITLES = ("Öven „groß“", 'a "b" <i>&amp;</i>', "日本 \\N")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library in which each pattern links to the next one, under two types, and to a name that does not exist."""
    folder = tmp_path_factory.mktemp("library")
    (folder / "patternlint.toml").touch()
    for at, title in enumerate(TITLES):
        links = f"    - slug: s-{(at + 1) % 3}\n      weight: 0.{at + 5}\n"
        text = (
            f"---\nslug: s-{at}\ntitle: {json.dumps(title)}\nontology: {{}}\nrelationships:\n  requires:\n{links}"
            f"  enables:\n{links}    - slug: gone\n---\n"
        )
        (folder / f"s-{at}.md").write_text(text, encoding="utf-8")
    return folder


def exported(library: Path, name: str) -> str:
    result = patternlint("report", "--format", name, "-o", "-", cwd=library)
    assert result.code == OK, result.err
    return result.out


Facts = tuple[list[str], "Counter[tuple[str, str, str, str]]"]
"""The titles of all nodes, and each edge by the titles of its ends, its type and its weight."""

EXPECTED: Facts = (
    sorted((*TITLES, "gone")),
    Counter(
        (title, target, kind, weight)
        for at, title in enumerate(TITLES)
        for kind in ("requires", "enables")
        for target, weight in ((TITLES[(at + 1) % 3], f"0.{at + 5}"), ("gone", ""))
        if (kind, target) != ("requires", "gone")
    ),
)


def facts_of(graph: nx.Graph[Any]) -> Facts:
    titles = {node: str(data["title"]) for node, data in graph.nodes(data=True)}
    edges = graph.edges(data=True)
    return sorted(titles.values()), Counter(
        (titles[source], titles[target], data["type"], str(data.get("weight", ""))) for source, target, data in edges
    )


def test_networkx_reads_graphml_and_json(library: Path) -> None:
    graph = nx.read_graphml(io.BytesIO(exported(library, "graphml").encode()), force_multigraph=True)
    assert facts_of(graph) == EXPECTED
    content = json.loads(exported(library, "json"))
    assert facts_of(nx.node_link_graph(content, edges="links")) == EXPECTED


def test_csv_has_the_same_links(library: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(exported(library, "csv"), newline="")))
    edges = Counter((row["source_title"], row["target_title"], row["type"], row["weight"]) for row in rows)
    assert (sorted({end for edge in edges for end in edge[:2]}), edges) == EXPECTED


@pytest.mark.skipif(shutil.which("dot") is None, reason="requires Graphviz")
def test_graphviz_reads_dot(library: Path) -> None:
    text = exported(library, "dot")
    canonical, content = (
        subprocess.run(["dot", form], input=text, capture_output=True, encoding="utf-8", check=True).stdout
        for form in ("-Tcanon", "-Tjson0")
    )
    assert canonical.startswith("digraph")
    graph = json.loads(content)
    titles = [one["label"].replace("\\\\", "\\") for one in graph["objects"]]
    edges = Counter(
        (titles[one["tail"]], titles[one["head"]], one["label"], one.get("weight_given", "")) for one in graph["edges"]
    )
    assert (sorted(titles), edges) == EXPECTED


def test_one_pattern_with_its_neighbors() -> None:
    everything = json.loads(patternlint("report", "--format", "json", "-o", "-", cwd=EXAMPLES).out)
    some = json.loads(
        patternlint("report", "--format", "json", "--pattern", "repair-cafe", "-o", "-", cwd=EXAMPLES).out
    )
    path = "repair-cafe.md"
    neighbors = {
        end
        for one in everything["links"]
        for end in (one["source"], one["target"])
        if path in (one["source"], one["target"])
    }
    assert {one["id"] for one in some["nodes"] if not one.get("missing")} == {
        one for one in neighbors if not one.startswith("missing:")
    } | {path}


def test_unknown_names(tmp_path: Path) -> None:
    result = patternlint("report", "--format", "dot", "--pattern", "nobody", cwd=EXAMPLES)
    assert (result.code, "no pattern has the name `nobody`" in result.err) == (ERROR, True)
    result = patternlint("report", "--pattern", "repair-cafe", "-o", tmp_path / "x.html", cwd=EXAMPLES)
    assert (result.code, "--pattern requires --format" in result.err) == (ERROR, True)
