"""Parsing: every place is exact, nothing raises, and the Markdown agrees with another CommonMark parser."""

from __future__ import annotations

import math
import re
from functools import cache
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import patternlint.parser.yaml.libyaml
from patternlint.document.pattern import Node, Pattern
from patternlint.parser.parser import FileKind, ParsedFile, parse
from patternlint.parser.yaml.compose import compose
from patternlint.parser.yaml.libyaml import compose_libyaml
from patternlint.parser.yaml.scalars import resolve_scalar
from patternlint.parser.yaml.tree import DEFAULT_LIMITS, YamlTree
from patternlint.source import Source, Span
from patternlint.spec.loader import load_specs
from tests.support.real_files import CORPUS, needs_corpus, real_files, sampled

SPECS = load_specs()
SPEC = SPECS.by_version["7.1"]


def parsed_of(text: str | bytes, *, named: bool = True) -> ParsedFile:
    return parse(Source("a.md", text if isinstance(text, bytes) else text.encode()), SPECS, spec=SPEC, named=named)


def pattern_of(text: str | bytes) -> Pattern:
    parsed = parsed_of(text)
    assert parsed.pattern is not None, parsed.problem
    return parsed.pattern


def front(yaml: str) -> Pattern:
    return pattern_of(f"---\n{yaml}---\n")


def body(markdown: str) -> Pattern:
    return pattern_of(f"---\ntitle: ü\n---\n{markdown}")


@cache
def alone(text: str) -> Any:
    """Return what `text` means as a YAML document of its own."""
    tree = compose(text)
    assert tree.problem is None, (text, tree.problem)
    return tree.root.value if tree.root is not None else None


def same(left: Any, right: Any) -> bool:
    return left == right or (isinstance(left, float) and isinstance(right, float) and math.isnan(left + right))


def assert_places(root: Node, text: str) -> int:
    """Check that what every span of the tree covers is that key or that value again; return how many there are."""
    count = 0
    for route, node in root.walk():
        count += 1
        if node.key_start >= 0:
            key = text[node.key_start : node.key_end]
            assert key == route[-1] or alone(key) == route[-1], (route, key)
        raw = text[node.start : node.end]
        if node.children is None:
            assert_scalar(node, raw, text)
        elif node.style == "*":
            assert raw.startswith("*"), (route, raw)
        elif node.style:
            assert same(alone(raw), node.value), (route, raw)
        else:
            assert raw == raw.strip(), (route, raw)
            assert raw or not node.children, route
    assert_nested(root, 0, len(text))
    return count


def assert_scalar(node: Node, raw: str, text: str) -> None:
    if not raw:
        assert node.value is None
    elif node.style in ("|", ">"):
        line = text[text.rfind("\n", 0, node.start) + 1 : node.start]
        indent = len(line) - len(line.lstrip(" "))
        again = alone(f"{' ' * indent}k: {raw}\n")["k"]
        assert raw[0] == node.style
        assert again.rstrip("\n") == node.value.rstrip("\n"), (again, node.value)
    elif node.style == "*":
        assert raw[0] == "*"
    elif node.style or "\n" in raw or raw[0] in "!&":
        assert same(alone(raw), node.value), (raw, node.value)
    else:
        assert same(resolve_scalar(raw), node.value), (raw, node.value)


def assert_nested(node: Node, low: int, high: int) -> None:
    """Check that every span lies within that of its parent, keys before their values."""
    assert low <= node.start <= node.end <= high, (node, low, high)
    if node.key_start >= 0:
        assert low <= node.key_start <= node.key_end <= node.start, node
    children = node.children
    if children is not None and node.style != "*":
        for child in children.values() if isinstance(children, dict) else children:
            assert_nested(child, node.start, node.end)


def assert_inside(parsed: ParsedFile) -> None:
    """Check that all places of a file lie inside its text."""
    text = parsed.source.text
    spans = [span for duplicate in parsed.duplicates for span in (duplicate.first, duplicate.second)]
    spans += [
        span
        for suppression in parsed.suppressions
        for span in (suppression.span, suppression.removal, *suppression.names)
    ]
    if parsed.problem is not None:
        spans += [parsed.problem.span, *([parsed.problem.other] if parsed.problem.other is not None else [])]
    pattern = parsed.pattern
    if pattern is not None:
        assert_nested(pattern.front.root, pattern.front.span.start, pattern.front.span.end)
        parts = pattern.body
        spans += [heading.span for heading in parts.headings] + [fence.span for fence in parts.code_blocks]
        spans += [parts.span, *parts.html_spans, *(section.span for section in parts.sections)]
    for span in spans:
        assert 0 <= span.start <= span.end <= len(text), (span, len(text))


# --- Real files -------------------------------------------------------------------------------------------------------


@cache
def real_patterns(*, sample: bool) -> tuple[Pattern, ...]:
    files = real_files(sample=sample)
    parsed = (parse(Source(str(path.relative_to(CORPUS)), path.read_bytes()), SPECS) for path in files)
    return tuple(one.pattern for one in parsed if one.pattern is not None)


@needs_corpus
@sampled
def test_every_place_in_every_real_file(*, sample: bool) -> None:
    patterns = real_patterns(sample=sample)
    count = sum(assert_places(pattern.front.root, pattern.source.text) for pattern in patterns)
    assert len(patterns) >= (400 if sample else 3768)
    assert count > (40_000 if sample else 400_000)


@needs_corpus
@sampled
def test_headings_of_every_real_file_agree_with_markdown_it(*, sample: bool) -> None:
    markdown = MarkdownIt("commonmark").disable("inline")
    for pattern in real_patterns(sample=sample):
        start = pattern.body.span.start
        first = pattern.source.lines.line_of(start)
        expected = [
            (token.map[0] + first, int(token.tag[1]))
            for token in markdown.parse(pattern.source.text[start:])
            if token.type == "heading_open" and token.map is not None
        ]
        found = [(pattern.region(heading.span).line, heading.level) for heading in pattern.body.headings]
        assert found == expected, pattern.path


# --- Anything at all --------------------------------------------------------------------------------------------------

TAME = [*":-?[]{}|>'\"#,~=<.\\\t\r\n", "\n", "\n  ", "\n- ", ": ", "a", "b", "ü", "😀", "0", "1", "\x85", "\u2028"]
WILD = [*TAME, *"&*!%@`\x00\x07\ufeff", "---\n", "...\n", "<<", "!!str ", "&x ", "*x"]
YAML = st.lists(st.sampled_from(WILD), max_size=40).map("".join)
TAME_YAML = st.lists(st.sampled_from(TAME), max_size=40).map("".join)
MARKDOWN = st.lists(
    st.sampled_from(
        [
            "# ",
            "## Section 1: Context",
            "===",
            "---",
            "```",
            "~~~",
            "    ",
            "\n",
            "\n\n",
            "> ",
            "- ",
            "<!-- ",
            "-->",
            "*",
            "`",
            "ü",
            "😀",
            "a ",
            "\t",
            "\r",
            "<b>",
            "\x00",
            "\u2028",
            "<!-- patternlint: ignore[x] -->",
        ]
    ),
    max_size=30,
).map("".join)


@settings(deadline=None)
@given(st.binary(max_size=200))
@example(b"\xff\xfe-\x00-\x00-\x00")
@example(b"---\n\xff: \xc3\n---\n")
def test_any_bytes(data: bytes) -> None:
    assert_inside(parsed_of(data))
    assert_inside(parse(Source("a.md", data), SPECS))


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    assert_inside(parsed_of(text))
    assert_inside(parsed_of(f"---\n{text}\n---\n{text}"))
    assert_inside(parsed_of(f"---\nid: pat_1\nontology: {text}\n---\n{text}", named=False))


@settings(deadline=None)
@given(YAML, MARKDOWN)
def test_anything_like_front_matter(yaml: str, markdown: str) -> None:
    parsed = parsed_of(f"---\n{yaml}\n---\n{markdown}")
    assert_inside(parsed)
    assert (parsed.pattern is None) == (parsed.problem is not None)


@settings(deadline=None)
@given(YAML, st.integers(0, 3))
def test_anything_like_yaml(text: str, offset: int) -> None:
    end = offset + len(text)
    tree = compose(f"{'#' * offset}{text}#", Span(offset, end))
    if tree.root is not None:
        assert tree.problem is None
        assert_nested(tree.root, offset, end)
    else:
        assert (
            tree.problem is not None
            or not text.strip()
            or text.lstrip("\ufeff").lstrip()[:1] in ("#", "", "-", ".", "%")
        )


@settings(deadline=None)
@given(TAME_YAML)
def test_the_parser_in_pure_python_gives_the_same_places(text: str) -> None:
    fast, slow = compose_libyaml(text, 0, DEFAULT_LIMITS), pure(text)
    if fast.root is not None and slow.root is not None:
        # of a `|` that is all there is they ask differently how far it must be indented: such front matter has no keys
        assume(fast.root.style not in ("|", ">"))
        assert shape(fast.root) == shape(slow.root)


def pure(text: str) -> YamlTree:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(patternlint.parser.yaml.libyaml, "HAS_C_PARSER", False)
        return compose_libyaml(text.removeprefix("\ufeff"), text.count("\ufeff"), DEFAULT_LIMITS)


def shape(root: Node) -> list[tuple[Any, ...]]:
    return [(route, repr(node.value), node.start, node.end, node.key_start, node.style) for route, node in root.walk()]


# --- Front matter, by hand --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("true", True),
        ("False", False),
        ("yes", "yes"),
        ("on", "on"),
        ("12", 12),
        ("-3", -3),
        ("012", 12),
        ("0o14", 12),
        ("0x1F", 31),
        ("-0x1F", "-0x1F"),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("0.85", 0.85),
        (".5", 0.5),
        ("1.", 1.0),
        ("1e3", 1000.0),
        ("-1.5E-2", -0.015),
        (".inf", math.inf),
        ("-.INF", -math.inf),
        ("2024-05-01", "2024-05-01"),
        ("1.0.0", "1.0.0"),
        ("+", "+"),
        ("-", "-"),
        (".", "."),
        ("9" * 400, "9" * 400),
        ("٣", "٣"),
    ],
)
def test_plain_scalars_by_the_core_schema_of_yaml_1_2(text: str, value: Any) -> None:
    assert resolve_scalar(text) == value
    assert type(resolve_scalar(text)) is type(value)


@pytest.mark.parametrize(
    "yaml",
    [
        "a: ü\n",
        "a: 😀 b\nc: 😀\n",
        "\"ä\": \"😀\\n\\u00e9\"\n'b'  : 'it''s'\n",
        "a: x # ü\nb:   # nothing\nc:\n",
        "a:\n  - \n  -\n  - b\nc: [ü, d: e, [], {}]\n",
        "a: >-\n  ü\n  v\n\n  w\n\n# comment\nb: |+\n  x\n\n\nc: |2\n    y\n",
        "a: x\n  y\n\n  ü\nb: 'x\n\n  y'\n",
        "? a\n: b\n? c\n",
        "? a # x: y\n? b\n: # z\nc:\n\n  # w\n",
        "a: {b: c, d, 'e': ü}\n",
        "a: !!str 012\nb: !foo ü\nc: !!null ''\nd: ! 3\n",
        "a: &x ü\nb: *x\nc: &y {d: e}\nf: *y\n&k g: h\n",
        "- a\n",
        "{a: b, c: [d, ü]}\n",
        "a:\n- b\n-  c: ü\n   d: e\n",
        "a: b\u2028c\nd: x\x85y\ne: |\n  x\u2029y\n  z\nf: ü\n",
        "a: [https://ü.example, 1:30, b?c]\nd: {e: http://x}\n",
        "a: b\r\nc: >\r\n  d\r\n  e\r\nf: [g,\r\n  h]\r\n",
        "\ufeffa: ü\nb: c\n",
    ],
)
def test_places_of_everything(yaml: str) -> None:
    for tree in (compose(yaml), pure(yaml)):
        assert tree.problem is None
        assert tree.root is not None
        assert_places(tree.root, yaml)
    shifted = compose(f"# front\n{yaml}---\n", Span(8, 8 + len(yaml)))
    assert shifted.root is not None
    assert_places(shifted.root, f"# front\n{yaml}")


class TestOddCharacters:
    @pytest.mark.parametrize("character", ["\x85", "\u2028", "\u2029"])
    def test_break_no_line_and_end_no_block(self, character: str) -> None:
        pattern = front(f"title: >-\n  a{character}b\n  c\nslug: x{character}y: z\n".replace("y: z", "y"))
        assert pattern.data == {"title": f"a{character}b c", "slug": f"x{character}y"}

    def test_the_characters_that_stand_in_for_them_may_be_in_the_text(self) -> None:
        assert front('a: "\ue000\u2028\ue001"\n').data == {"a": "\ue000\u2028\ue001"}

    @pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\ufffe"])
    def test_that_yaml_does_not_allow_are_shown(self, character: str) -> None:
        parsed = parsed_of(f"---\ntitle: ü😀 x{character}y\n---\n")
        assert parsed.problem is not None
        assert parsed.source.slice(parsed.problem.span) == character
        assert f"U+{ord(character):04X}" in parsed.problem.message

    def test_that_are_no_utf8_do_not_stop_it(self) -> None:
        pattern = pattern_of(b"---\ntitle: G\xe4rten\n---\n\n# \xff\n")
        assert pattern.data == {"title": "G\ufffdrten"}
        assert pattern.body.headings[0].text == "\ufffd"

    def test_tabs(self) -> None:
        assert front("a:\tü\t# x\nb: [c,\t'd']\n").data == {"a": "ü", "b": ["c", "d"]}
        assert "tab" in problem_of("a:\n\tb: c\n")

    def test_half_a_surrogate_pair(self) -> None:
        assert compose('a: "\\ud800"\n').problem is not None
        assert pure('a: "\\ud800"\n').problem is not None


LONG = f"#{' ' * 20_000}\n"
"""A comment that makes front matter too long for the search for the probable mistake: the parser's own words remain."""


def problem_of(yaml: str) -> str:
    problem = parsed_of(f"---\n{yaml}{LONG}---\n").problem
    assert problem is not None
    return problem.message


def marked(yaml: str) -> tuple[str, str, str]:
    """Return message, marked text and the text of the label."""
    source = f"---\n{yaml}{LONG if yaml else ''}---\n"
    problem = parsed_of(source).problem
    assert problem is not None
    other = problem.other or Span(0, 0)
    return problem.message, source[problem.span.start : problem.span.end], source[other.start : other.end]


class TestWhatStopsIt:
    @pytest.mark.parametrize(
        ("yaml", "words", "mark", "label"),
        [
            ("ü: b: c\n", "unexpected `:`", ":", ""),
            ('ü: "x\nb: c\n', "missing closing quote", '"', ""),
            ("ü: x\nfoo\nbar: y\n", "expected `key: value`", "f", ""),
            ("ü: {b c} d\n", "after a closing", "d", "ü"),
            ("ü: 'it's'\n", "after a closing quote", "s", "ü"),
            ("ü: [b, c\nd: e\n", "missing `,` or `]`", ":", "["),
            ("ü: @x\n", "unexpected character", "@", ""),
            ("ü: *x\n", "unknown alias", "*x", ""),
            ("ü: !x!y z\n", "`!`", "!", ""),
            ("ü: - b\n", "unexpected list item", "-", ""),
            ("ü:\n   b: 1\n  c: 2\n", "wrong indentation", "c", "ü"),
            ("ü: | x\n", "text after", "x", "|"),
            ('ü: "\\q"\n', "escape", "\\", '"'),
            ("ü: b\n--- x\nc: d\n", "second YAML document", "---", ""),
            ("ü: b\n...\nc: d\n", "second YAML document", "c", ""),
            ("[ü]: b\n", "a key that is not plain text", "[", ""),
            ("? {ü: b}\n: c\n", "a key that is not plain text", "{", ""),
            ("- ü\n", "not a mapping", "---", ""),
            ("ü\n", "not a mapping", "---", ""),
            ("", "not a mapping", "---", ""),
        ],
    )
    def test_is_reported_plainly_at_its_location(self, yaml: str, words: str, mark: str, label: str) -> None:
        message, found, other = marked(yaml)
        assert words in message
        assert (found, other) == (mark, label)

    def test_nesting_too_deep(self) -> None:
        assert compose("[" * DEFAULT_LIMITS.depth + "]" * DEFAULT_LIMITS.depth).problem is None
        assert f"more than {DEFAULT_LIMITS.depth} levels" in problem_of("a: " + "[" * 5000 + "]" * 5000 + "\n")
        assert f"more than {DEFAULT_LIMITS.depth} levels" in problem_of("".join(f"{'  ' * n}a:\n" for n in range(100)))

    @pytest.mark.parametrize("text", ["[" * 5000, "{a: " * 5000, "- " * 5000, "a: " + "{a: [" * 2000])
    def test_nesting_too_deep_for_the_parser_itself(self, text: str) -> None:
        assert f"more than {DEFAULT_LIMITS.depth} levels" in problem_of(f"{text}\n")

    def test_a_bomb_of_aliases(self) -> None:
        bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
            f"{this}: &{this} [{', '.join([f'*{last}'] * 9)}]\n"
            for last, this in zip("abcdefgh", "bcdefghi", strict=True)
        )
        assert "including those of aliases" in problem_of(bomb)

    def test_an_alias_within_what_it_stands_for(self) -> None:
        assert "unknown alias" in problem_of("a: &a [*a]\n")

    def test_much_text_in_brackets_is_parsed_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(patternlint.parser.yaml.libyaml, "_SECOND_OPINION", 3)
        assert compose("a: [:x]\n").problem is not None


def test_duplicate_keys() -> None:
    parsed = parsed_of("---\nü: 1\n'ü': 2\nb: {c: 1, d: 2, c: 3}\nü: 4\n---\n")
    text = parsed.source.text
    found = [
        (one.key, text[one.first.start : one.first.end], text[one.second.start : one.second.end])
        for one in parsed.duplicates
    ]
    assert found == [("ü", "ü", "'ü'"), ("c", "c", "c"), ("ü", "'ü'", "ü")]
    assert parsed.pattern is not None
    assert parsed.pattern.data == {"ü": 4, "b": {"c": 3, "d": 2}}


def test_the_plain_scalars_and_the_names_of_all_keys() -> None:
    pattern = front('a: 012\nb: ["x", no, 012, {c: !!str 1}]\n')
    assert pattern.front.ambiguous_scalars == {"012": 12, "no": "no"}
    assert pattern.front.key_names == {"a", "b", "c"}


class TestFences:
    @pytest.mark.parametrize(
        ("text", "front_text", "body_text"),
        [
            ("---\ntitle: ü\n---\nx\n", "title: ü\n", "x\n"),
            ("---  \ntitle: ü\n--- \t\nx\n", "title: ü\n", "x\n"),
            ("---\r\ntitle: ü\r\n---\r\nx\r\n", "title: ü\r\n", "x\r\n"),
            ("\ufeff---\ntitle: ü\n---\nx", "title: ü\n", "x"),
            ("---\ntitle: ü\n---", "title: ü\n", ""),
            ("---\ntitle: |\n  ---\n  x\n---\n", "title: |\n  ---\n  x\n", ""),
            ("---\ntitle: ü\n---\n---\nx\n", "title: ü\n", "---\nx\n"),
        ],
    )
    def test_the_parts_of_a_file(self, text: str, front_text: str, body_text: str) -> None:
        pattern = pattern_of(text)
        source = pattern.source
        assert source.slice(pattern.front.span) == front_text
        assert source.slice(pattern.body.span) == body_text
        assert source.slice(pattern.front.opening) == source.slice(pattern.front.closing) == "---"
        assert_places(pattern.front.root, source.text)

    @pytest.mark.parametrize("text", ["---\ntitle: ü\n", "---", "---\n", "---\ntitle: ü\n ---\n"])
    def test_no_closing_fence(self, text: str) -> None:
        problem = parsed_of(text).problem
        assert problem is not None
        assert "no closing" in problem.message
        assert text[problem.span.start : problem.span.end] == "---"

    @pytest.mark.parametrize("text", ["", "# ü\n", "----\ntitle: x\n---\n", " ---\n", "\n---\ntitle: x\n---\n"])
    def test_no_front_matter(self, text: str) -> None:
        parsed = parsed_of(text)
        assert (parsed.kind, parsed.problem) == (FileKind.BROKEN, None)
        assert parsed.opening is not None
        assert parsed_of(text, named=False).kind is FileKind.NOT_A_PATTERN

    def test_a_rule_in_the_body_is_no_fence(self) -> None:
        assert body("\nx\n\n---\n\ny\n").body.headings == ()


# --- Which spec -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("yaml", "version"),
    [
        ("id: lh_1\nontology: {}\n", "lighthouse"),
        ("id: ent_1\n", "entity"),
        ("slug: x\norbital_layer: 3\nontology: {}\n", "8.2"),
        ("id: pat_1\ngravitational_hubs: []\n", "8.2"),
        ("id: pat_1\ngraph_garden: {}\n", "7.1"),
        ("slug: x\ncontext_labels: {}\n", "7.1"),
        ("slug: x\ntags:\n  a: b\n", "1.3"),
        ("slug: x\ntags: [a]\n", None),
        ("title: x\nontology: {}\n", None),
        ("id: other_1\n", None),
        ("slug: x\n", None),
    ],
)
def test_which_spec_a_file_follows(yaml: str, version: str | None) -> None:
    parsed = parse(Source("a.md", f"---\n{yaml}---\n".encode()), SPECS)
    assert (parsed.spec.version if parsed.spec else None) == version
    assert parsed.kind is (FileKind.PATTERN if version else FileKind.NOT_A_PATTERN)
    broken = parse(Source("a.md", f"---\n{yaml}x: 'y\n---\n".encode()), SPECS)
    assert broken.kind is (FileKind.BROKEN if version else FileKind.NOT_A_PATTERN)
    assert (broken.spec.version if broken.spec else None) == version


def test_a_named_file_without_marks_carries_the_specs_that_there_are() -> None:
    parsed = parse(Source("a.md", b"---\ntitle: x\n---\n"), SPECS, named=True)
    assert (parsed.kind, parsed.spec, parsed.problem, parsed.candidates) == (FileKind.BROKEN, None, None, SPECS.all)


# --- Body -------------------------------------------------------------------------------------------------------------


class TestBody:
    def test_headings(self) -> None:
        pattern = body("# A *ü* `b` [c](d)\n\n## E ##\n\nF\ng\n===\n\n> ### H\n\n- #### I\n\n#no\n\n#\n\nJ\n---\n")
        found = [(heading.level, heading.text, heading.setext) for heading in pattern.body.headings]
        assert found == [
            (1, "A ü b c", False),
            (2, "E", False),
            (1, "F g", True),
            (3, "H", False),
            (4, "I", False),
            (1, "", False),
            (2, "J", True),
        ]
        shown = [pattern.source.slice(heading.span) for heading in pattern.body.headings]
        assert shown == ["# A *ü* `b` [c](d)", "## E ##", "F\ng\n===", "### H", "#### I", "#", "J\n---"]

    def test_headings_in_code_are_none(self) -> None:
        pattern = body("```\n# a\n```\n\n    # b\n\n~~~~ md\n# c\n~~~\n# d\n~~~~\n\n<!--\n# e\n-->\n\n# ü\n")
        assert [heading.text for heading in pattern.body.headings] == ["ü"]
        assert [fence.closed for fence in pattern.body.code_blocks] == [True, True, True]

    @pytest.mark.parametrize(
        ("markdown", "closed"),
        [
            ("```\nx\n```\n", True),
            ("```\nx\n", False),
            ("```\nx\n``\n", False),
            ("````\nx\n```\n", False),
            ("```\nx\n`````\n", True),
            ("```\nx\n~~~\n", False),
            ("~~~\nx\n~~~  \n", True),
            ("> ```\n> x\n> ```\n", True),
            ("> ```\n> x\n", False),
            ("```", False),
            ("    code\n", True),
        ],
    )
    def test_whether_a_fence_is_closed(self, markdown: str, closed: bool) -> None:  # noqa: FBT001 - a column
        assert [fence.closed for fence in body(f"ü\n\n{markdown}").body.code_blocks] == [closed]

    def test_offsets_behind_characters_of_many_bytes(self) -> None:
        markdown = "😀 ü ═ 𝔘\n\n## 😀 A\n\n```\n😀\n```\n\n<!-- ü😀 -->\n\nx <b>😀</b>\n\n## Ü B 😀\n"
        pattern = body(markdown)
        shown = [pattern.source.slice(heading.span) for heading in pattern.body.headings]
        assert shown == ["## 😀 A", "## Ü B 😀"]
        assert [pattern.source.slice(fence.span) for fence in pattern.body.code_blocks] == ["```\n😀\n```"]
        assert [pattern.source.slice(comment).strip() for comment in pattern.body.html_spans] == [
            "<!-- ü😀 -->",
            "<b>",
            "</b>",
        ]

    def test_line_ends_of_windows(self) -> None:
        pattern = body("\r\n# ü\r\n\r\nA\r\n===\r\n\r\n```\r\nx\r\n```\r\n")
        assert [pattern.source.slice(heading.span) for heading in pattern.body.headings] == ["# ü", "A\r\n==="]
        assert [fence.closed for fence in pattern.body.code_blocks] == [True]

    def test_sections_by_both_forms(self) -> None:
        long_form = body("### Section 1: Context\nü\n### 2. Problem\nx\n### Section 3: Solution (200 words)\n")
        assert [section.number for section in long_form.body.sections] == [1, 3]
        short_form = body("# 1. Context\nü\n## 2. PROBLEM — more\n# 3. Other\n# 4. Solution\n")
        assert [section.number for section in short_form.body.sections] == [1, 2]
        assert short_form.source.slice(short_form.body.sections[0].span) == "\nü\n"

    def test_many_pieces_are_found_in_time_that_grows_with_them(self) -> None:
        pattern = body("ü <b>x</b>\n" * 20_000)
        assert len(pattern.body.html_spans) == 40_000


# --- Suppressions -----------------------------------------------------------------------------------------------------


def suppressions(text: str) -> list[tuple[Any, ...]]:
    parsed = parsed_of(text)
    return [(one.rules, one.lines, one.reason) for one in parsed.suppressions]


class TestSuppressions:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("---\ntitle: ü # patternlint: ignore[a, b] because\n---\n", (("a", "b"), (2, 2), "because")),
            ("---\n# patternlint: ignore[a]\n# more\n\ntitle: ü\n---\n", (("a",), (2, 5), "")),
            ("---\ntitle: ü # patternlint: ignore-file[a] x\n---\n", (("a",), (0, 0), "x")),
            ("---\ntitle: ü\n---\n\n<!-- patternlint: ignore[a] x -->\n\n# b\n", (("a",), (5, 7), "x")),
            ("---\ntitle: ü\n---\nx <!--patternlint:ignore[a]--> y\n", (("a",), (4, 4), "")),
            ("---\ntitle: ü\n---\n<!-- patternlint: ignore[a]\n  x\n  y -->\nz\n", (("a",), (4, 7), "x y")),
            ("---\ntitle: ü # patternlint: ignore a\n---\n", (("",), (2, 2), "a")),
            ("---\ntitle: ü # patternlint: ignore[]\n---\n", (("",), (2, 2), "")),
            ("---\ntitle: ü # patternlint: ignored[a] x\n---\n", (("",), (2, 2), "x")),
            ("---\ntitle: ü # patternlint: disable-file [a]\n---\n", (("",), (2, 2), "")),
        ],
    )
    def test_in_front_matter_and_body(self, text: str, expected: tuple[Any, ...]) -> None:
        assert suppressions(text) == [expected]
        assert suppressions(text.replace("\n", "\r\n")) == [expected]

    @pytest.mark.parametrize(
        "text",
        [
            '---\ntitle: "ü # patternlint: ignore[a]"\n---\n',
            "---\ntitle: >-\n  ü\n  # patternlint: ignore[a]\n---\n",
            "---\ntitle: ü#patternlint: ignore[a]\n---\n",
            "---\ntitle: ü\n---\n# patternlint: ignore[a]\n",
            "---\ntitle: ü\n---\n```\n<!-- patternlint: ignore[a] -->\n```\n",
            "---\ntitle: ü # patternlint: ignored a\n---\n",
        ],
    )
    def test_where_it_is_only_text(self, text: str) -> None:
        assert suppressions(text) == []

    @pytest.mark.parametrize(
        ("text", "left"),
        [
            ("---\ntitle: ü  # patternlint: ignore[a] x  \n---\n", "---\ntitle: ü\n---\n"),
            ("---\n  # patternlint: ignore[a]\ntitle: ü\n---\n", "---\ntitle: ü\n---\n"),
            ("---\ntitle: ü\n---\nx\n\n<!-- patternlint: ignore[a] -->\ny\n", "---\ntitle: ü\n---\nx\n\ny\n"),
            ("---\ntitle: ü\n---\nx\n<!-- patternlint: ignore[a] -->\ny\n", "---\ntitle: ü\n---\nx\n\ny\n"),
            ("---\ntitle: ü\n---\nx <!-- patternlint: ignore[a] --> y\n", "---\ntitle: ü\n---\nx y\n"),
            ("---\ntitle: ü\n---\n<!-- patternlint: ignore[a] --> y\n", "---\ntitle: ü\n---\ny\n"),
            ("---\ntitle: ü\n---\nx\n\n<!-- patternlint: ignore[a]\nz -->", "---\ntitle: ü\n---\nx\n\n"),
        ],
    )
    def test_what_to_delete_of_one(self, text: str, left: str) -> None:
        for ends in ("\n", "\r\n"):
            whole = text.replace("\n", ends)
            (suppression,) = parsed_of(whole).suppressions
            assert whole[: suppression.removal.start] + whole[suppression.removal.end :] == left.replace("\n", ends)


def test_a_long_line_takes_no_time() -> None:
    row = "| " + "x " * 20_000 + "|"
    assert len(body(f"| a |\n| - |\n{row}\n{row}\n").source.text) > 80_000
    assert not re.search("never", row)
