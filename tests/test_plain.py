"""Plain Markdown: reading its headings line by line gives what the CommonMark parser gives."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patternlint.parse.markdown import parse_body
from patternlint.parse.plain import headings_of_plain
from patternlint.pattern import Body
from patternlint.text import Source

CORPUS = Path(__file__).parents[1] / "../shared/corpus"

BEYOND = "\n\n<br>\n"
"""A line of HTML: whoever reads it asks the parser for the whole body."""

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


def is_plain(text: str, start: int = 1) -> bool:
    return headings_of_plain(Source("a.md", text.encode()), start) is not None


def body_of(text: str) -> Body:
    return parse_body(Source("a.md", text.encode()), 1, None)


def assert_same(text: str) -> None:
    plain, asked = body_of(text), body_of(text + BEYOND)
    assert plain.headings == asked.headings, text
    assert plain.fences == asked.fences == ()
    assert len(asked.comments) == 1, text


@settings(deadline=None, max_examples=400)
@given(MARKDOWN)
def test_plain_markdown(markdown: str) -> None:
    text = "\n" + markdown
    if is_plain(text):
        assert_same(text)


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


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the real files are not here")
def test_most_real_bodies_are_plain() -> None:
    plain = count = 0
    for path in sorted(CORPUS.rglob("*.md")):
        text = Source("a.md", path.read_bytes()).text
        start = text.find("\n", text.find("\n---", 4) + 1) + 1
        if text.startswith("---\n") and start > 0:
            count += 1
            if is_plain(text, start):
                plain += 1
                assert parse_body(Source("a.md", text.encode()), start, None).headings == (
                    parse_body(Source("a.md", (text + BEYOND).encode()), start, None).headings
                )
    assert count > 0
    assert plain > count * 0.8
