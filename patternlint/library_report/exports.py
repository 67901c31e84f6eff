"""The graph of a library for other programs: GraphML, DOT, CSV, JSON and Mermaid."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from xml.sax.saxutils import escape

import msgspec

from patternlint.library_report.nodes import Edge, Export, Node

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot contain (https://www.w3.org/TR/xml/#charsets)."""

_GRAPHML_TYPES = {str: "string", bool: "boolean", int: "int", float: "double"}
_NODE_FIELDS: Mapping[str, type] = {
    "path": str,
    "name": str,
    "title": str,
    "missing": bool,
    "spec": str,
    "domain": str,
    "sector": str,
    "status": str,
    "score": float,
    "errors": int,
    "warnings": int,
    "infos": int,
}
_EDGE_FIELDS: Mapping[str, type] = {"type": str, "weight": float, "one_sided": bool}


def graphml(export: Export) -> str:
    """Return the graph as GraphML (http://graphml.graphdrawing.org/)."""
    return "\n".join(_graphml_lines(export)) + "\n"


def _graphml_lines(export: Export) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    for target, fields in (("node", _NODE_FIELDS), ("edge", _EDGE_FIELDS)):
        for name, kind in fields.items():
            yield f'  <key id="{target}_{name}" for="{target}" attr.name="{name}" attr.type="{_GRAPHML_TYPES[kind]}"/>'
    yield '  <graph edgedefault="directed">'
    ids = _ids(export)
    for node in export.nodes:
        yield f'    <node id="{ids[node.id]}">{_data("node", _node_values(node))}</node>'
    for number, edge in enumerate(export.edges):
        ends = f'source="{ids[edge.source]}" target="{ids[edge.target]}"'
        yield f'    <edge id="e{number}" {ends}>{_data("edge", _edge_values(edge))}</edge>'
    yield "  </graph>"
    yield "</graphml>"


def _data(target: str, values: Mapping[str, object]) -> str:
    return "".join(f'<data key="{target}_{name}">{_xml(value)}</data>' for name, value in values.items())


def _xml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else escape(_NOT_XML.sub("\ufffd", str(value)))


def _ids(export: Export) -> Mapping[str, str]:
    return {node.id: f"n{number}" for number, node in enumerate(export.nodes)}


def _node_values(node: Node) -> dict[str, object]:
    """Return the values of a node that it has."""
    values = {name: getattr(node, "id" if name == "path" else name) for name in _NODE_FIELDS}
    return {name: value for name, value in values.items() if value not in (None, "")}


def _edge_values(edge: Edge) -> dict[str, object]:
    values = {name: getattr(edge, name) for name in _EDGE_FIELDS}
    return {name: value for name, value in values.items() if value not in (None, "")}


def dot(export: Export) -> str:
    """Return the graph in the language of Graphviz (https://graphviz.org/doc/info/lang.html)."""
    return "\n".join(_dot_lines(export)) + "\n"


def _dot_lines(export: Export) -> Iterator[str]:
    ids = _ids(export)
    yield "digraph {"
    yield "  rankdir=LR; node [shape=box, style=rounded];"
    for node in export.nodes:
        look = ", style=dashed, color=red" if node.missing else ""
        yield f"  {ids[node.id]} [label={_dot_text(node.title)}, name={_dot_text(node.name)}{look}];"
    for edge in export.edges:
        weight = "" if edge.weight is None else f', weight_given="{edge.weight}"'
        look = ", style=dashed" if edge.one_sided else ""
        yield f"  {ids[edge.source]} -> {ids[edge.target]} [label={_dot_text(edge.type)}{weight}{look}];"
    yield "}"


def _dot_text(text: str) -> str:
    r"""Return a quoted string; a backslash is doubled, since `\n` and `\N` have a meaning in labels."""
    text = text.replace("\0", "\ufffd").replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{text}"'


_CSV_HEAD = ("source", "source_title", "target", "target_title", "type", "weight", "one_sided", "missing")


def links_csv(export: Export) -> str:
    """Return the links as CSV (RFC 4180): one a row, and patterns without a link in rows of their own."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_CSV_HEAD)
    nodes = {node.id: node for node in export.nodes}
    linked: set[str] = set()
    for edge in export.edges:
        linked.update((edge.source, edge.target))
        target = nodes[edge.target]
        weight = "" if edge.weight is None else edge.weight
        name = target.name if target.missing else edge.target
        texts = map(_cell, (edge.source, nodes[edge.source].title, name, target.title, edge.type))
        writer.writerow((*texts, weight, int(edge.one_sided), int(target.missing)))
    for node in export.nodes:
        if node.id not in linked:
            writer.writerow((_cell(node.id), _cell(node.title), "", "", "", "", "", ""))
    return out.getvalue()


def _cell(text: str) -> str:
    """Return a text that spreadsheets do not take for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def node_link_json(export: Export) -> str:
    """Return the graph as JSON: nodes and links, as networkx and D3 read them."""
    encoded = msgspec.json.encode({"directed": True, "multigraph": True, "nodes": export.nodes, "links": export.edges})
    return msgspec.json.format(encoded, indent=1).decode() + "\n"


def mermaid(export: Export) -> str:
    """Return the graph as a flowchart (https://mermaid.js.org/syntax/flowchart.html)."""
    return "\n".join(_mermaid_lines(export)) + "\n"


def _mermaid_lines(export: Export) -> Iterator[str]:
    ids = _ids(export)
    yield "flowchart LR"
    for node in export.nodes:
        suffix = " (missing)" if node.missing else ""
        yield f"  {ids[node.id]}[{_mermaid_text(node.title + suffix)}]"
    for edge in export.edges:
        arrow = "-.->" if edge.one_sided else "-->"
        yield f"  {ids[edge.source]} {arrow}|{_mermaid_text(edge.type)}| {ids[edge.target]}"


_NOT_MERMAID = re.compile(r"[^\w .,:!?'()’–-]")


def _mermaid_text(text: str) -> str:
    """Return a quoted text; other characters than letters and common punctuation become entity codes."""
    return f'"{_NOT_MERMAID.sub(lambda match: f"#{ord(match[0])};", text)}"'


FORMATS: Mapping[str, Callable[[Export], str]] = {
    "graphml": graphml,
    "dot": dot,
    "csv": links_csv,
    "json": node_link_json,
    "mermaid": mermaid,
}
"""The formats by name."""
