"""Reading the headings of plain Markdown line by line, and asking a CommonMark parser in between, gives what the parser gives."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from patternlint.document.body import Body
from patternlint.parser.markdown.body import parse_body
from patternlint.parser.markdown.commonmark import MarkdownBlocks, parse_blocks
from patternlint.parser.markdown.fast import needs_full_parser, next_tag, scan_headings
from patternlint.source import Source
from tests.support.real_files import needs_corpus, real_files, sampled

PIECES = st.sampled_from(
    [
        *("#", "##", "### ", "# ", "####### ", "# Öl", "## **fett** & mehr", "### a #", "### b \\#", "#hof", "# [x]"),
        *(
            "# *kursiv",
            "# `a` b",
            "# <3",
            "# ![x](y)",
            "#  zwei  ##  ",
            "# a\u00a0",
            "# ###",
            "# 1 < 2",
            "# a_b_c",
            "# &amp;",
        ),
        *(
            "a|b",
            "-|-",
            "| a |",
            "|---|",
            "[^1]: a",
            "[^1]: # b",
            "[^1]: ```",
            "<Beet>",
            "</Beet>",
            '<Beet a="ü"/>',
            "<Ä>",
        ),
        *(
            "- ",
            "-",
            "--",
            "---",
            "- - -",
            "* ",
            "*",
            "***",
            "* * *",
            "+ ",
            "1. ",
            "12) ",
            "3.",
            "> ",
            ">",
            ">>",
            "> > ",
        ),
        *(
            "- a",
            "* **b**",
            "1. c",
            "> d",
            "> [!NOTE] e",
            "> - f",
            "- > g",
            "- # h",
            "> # i",
            "1. - j",
            "- 2. k",
            "> ~~~",
        ),
        *(
            "- a\n    - b\n",
            "1. **a**\n     - b\n        * c\n",
            "- a\n      2. b",
            "- ***\n      - b\n",
            "- [x]: /y\n        - b\n",
            "      - b",
        ),
        *(
            "```",
            "~~~",
            "``x``",
            "`",
            "~",
            "=",
            "===",
            "= ",
            "    ",
            "  ",
            " ",
            "\t",
            "\r",
            "\x0b",
            "\x0c",
            "\x85",
            "\u2028",
        ),
        *("text", "Ärger", "🌿", "\u00a0", "0", "7 Dinge", "7.5", "| a | b |", "|---|---|", "[x]", "[x]: /y", "[x](y)"),
        *("<", "<a", "<br>", "<!--", "-->", "< a", "\\", "\\#", "&", "_", "__", "_ _ _", "!", "\0"),
        *("\n", "\n", "\n", "\n\n", "\n\n"),
    ]
)
MARKDOWN = st.lists(PIECES, max_size=25).map("".join)


HEADINGS = st.sampled_from(
    ["# Öl", "## **Zwei** #", "# a `b", "# <i>", "# [x]", "# Öl\x85", "# Öl \u2003", "# a\u2028"]
)


def is_plain(text: str, start: int = 1) -> bool:
    source = Source("a.md", text.encode())
    full = not needs_full_parser(source, start) and next_tag(source, start - 1) == len(text)
    return full and scan_headings(text, start - 1, len(text), []) == len(text)


def body_of(text: str, start: int = 1) -> Body:
    return parse_body(Source("a.md", text.encode()), start, None)


def assert_same(text: str, start: int = 1) -> None:
    """Fail where the parser, asked about the whole of it, finds anything else."""
    body, full = body_of(text, start), parse_blocks(Source("a.md", text.encode()), start, len(text))
    assert body.headings == full.headings, text
    assert body.code_blocks == full.code_blocks, text
    assert body.html_spans == full.html_spans, text


@settings(deadline=None, max_examples=400)
@given(MARKDOWN)
@example("- [^1]: ```")
@example("> [^1]: # b")
@example("a\n\n---\n\n#\n> b\n# c \\")
def test_any_markdown(markdown: str) -> None:
    assert_same("\n" + markdown)
    assert_same("\r\n" + markdown.replace("\n", "\r\n"), 2)


@settings(deadline=None, max_examples=400)
@given(st.lists(st.tuples(MARKDOWN, HEADINGS), min_size=1, max_size=5))
def test_markdown_between_headings(parts: list[tuple[str, str]]) -> None:
    text = "\n" + "\n".join(f"{markdown}\n{heading}" for markdown, heading in parts)
    assert_same(text)
    assert_same(text.replace("\n", "\r\n"), 2)


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("# Öl\n\n## Zwei ##\ntext\n### **drei** & vier", ["Öl", "Zwei", "drei & vier"]),
        ("text\n# a\\# #\n", ["a#"]),
        ("- Punkt\n# nah\n> Wort\n> mehr\n## fern\n", ["nah", "fern"]),
        ("1.  **Punkt**\n\n---\n\n# `x` < 3 #y\n", ["x < 3 #y"]),
        ("- Punkt\n    - darin\n        1. *darunter*\n# nah\n", ["nah"]),
        ("#hof\n####### sieben\n\\# nein\n# ###\n", [""]),
    ],
)
def test_what_is_plain(markdown: str, words: list[str]) -> None:
    text = "\n" + markdown
    assert is_plain(text)
    assert [heading.text for heading in body_of(text).headings] == words
    assert_same(text)


@pytest.mark.parametrize(
    "markdown",
    [
        "- # in einer Liste",
        "> # in einem Zitat",
        "```\n# im Code\n```\n",
        "    # im Code",
        "# Titel\n    - im Code",
        "- ***\n      - im Code",
        "- Punkt\n    - # darin",
        "- Punkt\n\n        - im Code",
        "-     # im Code",
        "<!--\n# im Kommentar\n-->",
        "Unterstrichen\n---\n",
        "Unterstrichen\n===\n",
        " # eingerückt",
        "#\n",
        "# [a]\n\n[a]: /b\n",
        "a\r# b",
        "> a\n> ---",
    ],
)
def test_what_is_not_plain(markdown: str) -> None:
    assert not is_plain("\n" + markdown)
    assert_same("\n" + markdown)


@pytest.mark.parametrize(
    ("markdown", "full"),
    [
        ("# a\n\n```\nb\n```\n\n## c\n\nd\n\n## e\n", ["\n\n```\nb\n```\n\n## c"]),
        ("- a\n\n  b\n# c\nd\n# e\n\n<br>\n", ["- a\n\n  b\n# c", "\n\n<br>\n"]),
        ("# a\nb\n# c <br>\nd\n# e", ["\nb\n# c <br>"]),
        ("~~~\n# a\n# b\n# c\n~~~\n# d\n# e", ["~~~\n# a", "~~~\n# a\n# b\n# c\n~~~\n# d"]),
        ("~~~\n# a\n", ["~~~\n# a", "~~~\n# a\n"]),
        ("# a\n\n\tb\n", ["# a\n\n\tb\n"]),
        ("# a\x85 \nb\n---\n# c", ["\nb\n---\n# c"]),
        ("# a\n\n# [b]\n\n# c", ["\n\n# [b]"]),
        ("# a\n\n# [b]\n\n[b]: /c\n# d\n", ["# a\n\n# [b]\n\n[b]: /c\n# d\n"]),
    ],
)
def test_the_parser_runs_from_heading_to_heading(
    markdown: str, full: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[str] = []

    def ask(source: Source, start: int, end: int) -> MarkdownBlocks:
        found.append(source.text[start:end])
        return parse_blocks(source, start, end)

    monkeypatch.setattr("patternlint.parser.markdown.body.parse_blocks", ask)
    assert_same("\n" + markdown)
    assert found == full


@needs_corpus
@sampled
def test_real_bodies(*, sample: bool) -> None:
    plain = count = 0
    for path in real_files(sample=sample):
        text = Source("a.md", path.read_bytes()).text
        start = text.find("\n", text.find("\n---", 4) + 1) + 1
        if text.startswith("---\n") and start > 0:
            count += 1
            plain += is_plain(text, start)
            assert_same(text, start)
    assert count > (400 if sample else 3000)
    assert plain > count * (0.7 if sample else 0.8)  # a sample has more files of 8.2
