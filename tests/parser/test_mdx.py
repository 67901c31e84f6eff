"""MDX: comments in braces are suppressions and no text, and lines around the tags of components are Markdown."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from patternlint.parser.markdown.body import parse_body
from patternlint.parser.parser import ParsedFile, parse
from patternlint.source import Source, Span
from patternlint.spec.loader import load_specs
from tests.support.command import FINDINGS, OK, patternlint

SPECS = load_specs()
HEAD = "---\nid: pat_01kh8ad0m6eqtt63hys8cf2dej\ntitle: ü\nontology: {}\n---\n"


def parsed(body: str, path: str = "a.mdx") -> ParsedFile:
    return parse(Source(path, (HEAD + body).encode()), SPECS, named=True)


@pytest.mark.parametrize(
    ("body", "rules", "lines", "reason"),
    [
        ("\n{/* patternlint: ignore[a] ü x */}\n\n# b\n", ("a",), (7, 9), "ü x"),
        ("ö {/*patternlint:ignore[a, b]*/} y\n", ("a", "b"), (6, 6), ""),
        ("{/* patternlint: ignore[a]\n  x\n  y */}\nz\n", ("a",), (6, 9), "x y"),
        ("<!-- patternlint: ignore[a] x -->\nz\n", ("a",), (6, 7), "x"),
        ("{/* patternlint: ignore-file[a] x */}\n", ("a",), (0, 0), "x"),
        ("x\n{/* patternlint: ignore-start[a] x */}\ny\n{/* patternlint: ignore-end */}\n", ("a",), (7, 9), "x"),
    ],
)
def test_suppressions(body: str, rules: tuple[str, ...], lines: tuple[int, int], reason: str) -> None:
    (found,) = parsed(body).suppressions
    assert (found.rules, found.lines, found.reason) == (rules, lines, reason)


@pytest.mark.parametrize("path", ["a.md", "a.markdown"])
def test_in_other_files_a_comment_in_braces_is_text(path: str) -> None:
    assert parsed("{/* patternlint: ignore[a] */}\nx\n", path).suppressions == ()


def test_in_code_it_is_text() -> None:
    one = parsed("```\n{/* patternlint: ignore[a] */}\n```\n\n{/* ö */}\n")
    assert one.suppressions == ()
    assert one.pattern is not None
    assert [one.source.slice(span) for span in one.pattern.body.html_spans] == ["{/* ö */}"]


def test_headings_are_without_comments() -> None:
    pattern = parsed("# Öl {/* ä */}\n\n{/*\n# no\n*/}\n\n## Holz\n").pattern
    assert pattern is not None
    assert [heading.text for heading in pattern.body.headings] == ["Öl", "Holz"]
    assert [pattern.source.slice(span) for span in pattern.body.html_spans] == ["{/* ä */}", "{/*\n# no\n*/}"]


@example("{/*ö*/}{/*")
@given(
    st.lists(st.sampled_from(["{/*", "*/}", "ö", "# a", "```", "\n", "\n\n", "<Ab>", "</Ab>", "x ", "    "])).map(
        "".join
    )
)
def test_spans_are_inside_the_text(text: str) -> None:
    source = Source("a.mdx", f"\n{text}".encode())
    body = parse_body(source, 1, None)
    spans = [*(one.span for one in body.headings), *(one.span for one in body.code_blocks), *body.html_spans]
    assert all(0 <= span.start <= span.end <= len(source.text) for span in spans)
    assert list(body.html_spans) == sorted(body.html_spans)
    outside = [span for span in body.html_spans if source.text.startswith("{/*", span.start)]
    assert all(source.slice(Span(span.end - 3, span.end)) == "*/}" for span in outside)


def test_many_open_comments_take_no_time() -> None:
    start = time.process_time()
    parsed("{/* " * 200_000)
    assert time.process_time() - start < 5


def test_added_suppressions_are_comments_of_mdx(tmp_path: Path) -> None:
    (tmp_path / "patternlint.toml").write_text('patterns = ["*.mdx"]\nselect = ["placeholder"]\n')
    page = tmp_path / "a.mdx"
    page.write_text(f"{HEAD}\nÖl: TODO.\n", encoding="utf-8")
    assert patternlint("--no-cache", cwd=tmp_path).code == FINDINGS
    assert patternlint("--no-cache", "--add-suppressions", "--reason", "later", cwd=tmp_path).code == OK
    assert page.read_text(encoding="utf-8").endswith("\n{/* patternlint: ignore[placeholder] later */}\nÖl: TODO.\n")
    assert patternlint("--no-cache", cwd=tmp_path).code == OK
