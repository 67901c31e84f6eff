"""Front matter in its usual form: reading it line by line gives what libyaml gives, and leaves it the rest."""

from __future__ import annotations

import re
from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from patternlint.parser.yaml.fast import compose_fast
from patternlint.parser.yaml.libyaml import compose_libyaml
from patternlint.parser.yaml.tree import DEFAULT_LIMITS, Limits
from tests.support.real_files import needs_corpus, real_files, sampled

SIMPLE = {
    "plain": "title: Winter Kitchen\nlicense: CC-BY-SA-4.0\n",
    "numbers": "a: 1\nb: -2.5\nc: 0x1f\nd: .5\ne: 1.0.0\nf: 2026-02-19\ng: -a\n",
    "words with a meaning": "a: null\nb: true\nc: ~\nd: no\n",
    "other scripts": "a: Köche am Herd – 台所\n# ══════\nb: ★★★\n",
    "colons and hashes within words": "a: https://example.org/#top\nb: 12:30\nc: C#\nd: a:b\n",
    "blanks behind": "a: b  \nc: \"d\" \ne: 'f'  \ng: [h] \ni:  \n",
    "double quotes": 'a: "b: c # d, [e]"\nf: ""\ng: "it\'s"\n',
    "single quotes": "a: 'b: \"c\" # d'\ne: ''\n",
    "nothing": "a:\nb:\n  c:\n  d:\n",
    "nested": "a:\n  b:\n    c: d\n  e: f\ng: h\n",
    "lists": "a:\n  - b\n  - \"c\"\n  - 'd'\n  - [e]\n",
    "a list in the column of its key": "a:\n- b\n- c\nd:\n  e:\n  - f\n",
    "mappings in a list": "a:\n  - b: c\n    d: e\n  - b: f\n    g:\n      h: i\n    j:\n    - k\nl: m\n",
    "much space behind a dash": "a:\n  -   b: c\n      d: e\n  -  f\n",
    "a list in brackets": 'a: []\nb:  []\nc: [ ]\nd: [d, "e, f", g h ,1]\ni: [ "j" ,k]\n',
    "a list in brackets, on several lines": 'a: [b, "c",\n    d,\n  e]\nf: g\n',
    "folded": "a: >-\n  b c\n  d: e # f\n\ng: >\n    h\nI:\n  - >-\n   j\n   k\n",
    "white space and line breaks that YAML takes for letters": "a: b\u00a0c\nd: \u2003e\u200b\nf: g\u2028h\n",
    "a list in brackets with single quotes": "a: ['b, c', d,\n  'e']\n",
    "brackets and braces around nothing": "a: {}\nb:\n  - []\n",
    "a text on several lines": "a: b\n  c d\n   - e [f]\n\ng:\n- h\n  i \n- j: k\n    l\n  m: The\n    n\n",
    "quotes in quotes": "a: 'b''c'\nd: ''''\n",
    "escapes": r'a: "\xfc\u2014\U0001F33F\n\t\"\\\/\ \N\_\L\P\0\a\b\v\f\r\e"' + "\n",
    "double quotes on several lines": 'a: "b\n  c\\\n  \\ d\n\n  # e: f"\n',
    "single quotes on several lines": "a:\n- 'b\n\n\n  c''s'\n",
    "CRLF": "a: b\r\n\r\n# c\r\nd: e\r\n  f\r\ng: 'h\r\n  i'\r\nj: >-\r\n  k\r\n  l\r\nm: [n]\r\n",
    "comments and empty lines": "\n# a\nb: c\n  # d\n\n   \ne:\n# f\n  g: h\n    # i\n",
}

LEFT = {
    "nothing at all": "",
    "only a comment": "# a\n",
    "a list": "- a\n",
    "a scalar": "a\n",
    "indented": "  a: b\n",
    "a comment behind": "a: b # c\n",
    "a tab": "a:\tb\n",
    "no-break space": "a:\u00a0b\n",
    "an old line break": "a: b\x85c\n",
    "a byte order mark": "\ufeffa: b\n",
    "no line end": "a: b",
    "a key at the very end": "a: b\nc:",
    "a control character": "a: b\x07\n",
    "half a surrogate pair": "a: \ud800\n",
    "no space behind the colon": "a:b\n",
    "a space before the colon": "a : b\n",
    "a key in quotes": '"a": b\n',
    "a question mark": "? a\n",
    "a key of other letters": "ü: b\n",
    "a key twice": "a: b\na: c\n",
    "an anchor": "a: &b c\n",
    "an alias": "a: *b\n",
    "a tag": "a: !b c\n",
    "braces": "a: {b: c}\n",
    "brackets in brackets": "a: [[b]]\n",
    "an item of nothing": "a: [b, , c]\n",
    "a comma at last": "a: [b, ]\n",
    "a colon in brackets": "a: [b:c]\n",
    "text behind brackets": "a: [b] c\n",
    "two items without a comma": 'a: ["b" c]\n',
    "text behind quotes": 'a: "b" c\n',
    "mixed line endings": "a: b\r\nc: d\n",
    "a carriage return in a line": "a: b\rc\r\n",
    "a list in brackets, on several lines with CRLF": "a: [b,\r\n  c]\r\n",
    "unknown escapes": 'a: "\\u2"\n',
    "half a surrogate pair, escaped": 'a: "\\ud83c"\n',
    "a quote over two lines, a blank behind the first": 'a: "b \n  c"\n',
    "a quote over two lines, not indented": 'a:\n  b: "c\n  d"\n',
    "a quote over two lines, text behind": 'a: "b\n  c" d\n',
    "a text on several lines, a key within": "a: b\n  c: d\n",
    "a text on several lines, a colon at the end": "a: b\n  c\n  d:\n",
    "a text on several lines, a comment behind": "a: b\n  c # d\n",
    "a text on several lines, blanks within": "a: b\n  c\n    \n  d\n",
    "a line below a text in quotes": "a: 'b'\n  c\n",
    "a line below a list": "a:\n- b\nc\n",
    "literal": "a: |\n  b\n",
    "folded, with an empty line within": "a: >\n  b\n\n  c\n",
    "folded, one line further in": "a: >\n  b\n    c\n",
    "folded, one line less far in": "a: >\n    b\n  c\n",
    "folded, not indented": "a:\n  - b: >\n    c\n",
    "folded, a blank behind": "a: >\n  b \n  c \n",
    "folded, blanks below": "a: >\n  b\n    \n# c\n",
    "folded, nothing": "a: >-\nb: c\n",
    "folded, all line ends kept": "a: >+\n  b\n",
    "folded, a number of columns": "a: >2\n  b\n",
    "a colon at the end": "a: b:\n",
    "two on a line": "a: b: c\n",
    "a dash alone": "a:\n  -\n",
    "a dash in a dash": "a:\n  - - b\n",
    "a list behind a key": "a: - b\n",
    "a value below its key": "a:\n  b\n",
    "a text on several lines, with a comment within": "a: b\n# c\n  d\n",
    "a text on several lines, with an empty line within": "a: b\n\n  c\n",
    "a text on several lines, not far enough in": "a:\n  - b: c\n    d\n",
    "too far in": "a: b\n  c: d\n",
    "not far enough in": "a:\n    b: c\n  d: e\n",
    "a list where a mapping was": "a:\n  b: c\n  - d\n",
    "a mapping where a list was": "a:\n  - b\n  c: d\n",
    "a list in a list's column": "a: b\n- c\n",
    "a second document": "a: b\n---\nc: d\n",
    "the end of a document": "a: b\n...\n",
    "a directive": "%YAML 1.2\n---\na: b\n",
}


def same_as_libyaml(text: str, limits: Limits = DEFAULT_LIMITS) -> bool:
    """Check that what is read line by line is what libyaml reads; return whether it is simple."""
    before = "# front\n"
    tree = compose_fast(f"{before}{text}# behind", len(before), len(before) + len(text), limits)
    if tree is None:
        return False
    expected = compose_libyaml(text, len(before), limits)
    assert replace(tree, line_starts=()) == expected
    assert tree.line_starts == [len(before), *(len(before) + found.end() for found in re.finditer("\n", text))]
    assert list(tree.ambiguous_scalars) == list(expected.ambiguous_scalars)
    return True


@pytest.mark.parametrize("text", SIMPLE.values(), ids=SIMPLE)
def test_simple(text: str) -> None:
    assert same_as_libyaml(text)


@pytest.mark.parametrize("text", LEFT.values(), ids=LEFT)
def test_what_is_left_to_libyaml(text: str) -> None:
    assert not same_as_libyaml(text)


def test_what_is_too_deep_or_too_much_is_left_to_libyaml() -> None:
    nested = "a:\n  b:\n    c: [d]\n"
    assert same_as_libyaml(nested, Limits(depth=5))
    assert not same_as_libyaml(nested, Limits(depth=3))
    assert not same_as_libyaml(nested, Limits(values=10))


WORDS = st.sampled_from(
    [
        *(
            "a",
            "b c",
            "-1",
            "2.5",
            "~",
            "c:d",
            "e#f",
            "ü",
            "- g",
            '"h"',
            "'i'",
            '"j',
            "[]",
            "[k, l]",
            '["m", n]',
            "[o,",
        ),
        *("'k", "l'", "'m''", '"n\\\\', '"\\x41"', 'o"'),
        *(">", ">-", ">- p", "|", "", "", "q: r", "s # t", "{}", "{u: v}", "&w x", "*y", "z ", "a:", '"\\""', "''''"),
    ]
)
LINES = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "", "  ", "  ", "    ", "      ", " "]),
    st.sampled_from(["", "", "", "- ", "-  ", "- - ", "# "]),
    st.sampled_from(["a: ", "b: ", "c: ", "a-b: ", "d:", "", "ü: "]),
    WORDS,
)
DOCUMENTS = st.lists(st.one_of(LINES, LINES, LINES, st.sampled_from(["", "   "])), max_size=8).map("\n".join)


@settings(deadline=None, max_examples=500)
@given(DOCUMENTS, st.sampled_from(["", "\n"]))
@example("a: >-\n  b\n    \n", "")
def test_lines_in_any_order(text: str, end: str) -> None:
    same_as_libyaml(text + end)


PIECES = st.sampled_from(
    [
        *":-?[]{}|>'\"#,~=<.\\\t\r\n &*!%@`",
        "\n  ",
        "\n- ",
        ": ",
        " #",
        "a",
        "ü",
        "0",
        "\\\n",
        "\\u00e9",
        "''",
        "\r\n",
        "\x85",
        "\u2028",
        "\u00a0",
        "\ufeff",
    ]
)


@settings(deadline=None, max_examples=500)
@given(st.sampled_from(sorted(SIMPLE.values())), st.data())
def test_a_typo_in_simple_front_matter(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 3)))
    same_as_libyaml(text[:start] + data.draw(PIECES | st.just("")) + text[end:])


@cache
def real_front_matter(*, sample: bool) -> tuple[str, ...]:
    texts = (path.read_bytes().decode(errors="replace") for path in real_files(sample=sample))
    return tuple(
        text[4 : text.index("\n---", 4) + 1] for text in texts if text.startswith("---\n") and "\n---" in text[4:]
    )


@needs_corpus
@sampled
def test_real_front_matter(*, sample: bool) -> None:
    simple = [same_as_libyaml(text) for text in real_front_matter(sample=sample)]
    assert len(simple) >= (400 if sample else 3768)
    assert sum(simple) > (0.9 if sample else 0.97) * len(simple)  # a sample has more files of 8.2


@needs_corpus
@settings(deadline=None, max_examples=300)
@given(st.data())
def test_a_typo_in_real_front_matter(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(real_front_matter(sample=True)))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 3)))
    same_as_libyaml(text[:start] + data.draw(PIECES | st.just("")) + text[end:])
