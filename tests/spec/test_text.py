"""Rules about text that a specification describes: where they find what, which are refused, and that none can hang."""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patternlint.errors import UserError
from patternlint.linter.text_rules import MAX_FINDINGS
from patternlint.spec.text import compile_expression
from tests.support.command import ERROR, FINDINGS, OK, patternlint

HEAD = 'version = "garden"\ntitle = "Garden"\n[mark]\nany-key = ["bed"]\n[[groups]]\nname = "page"\nkeys = ["bed", "note", "links"]\n'
HTTP = "[[text]]\nname = 'no-http'\nforbid = 'http://\\S+'\nmessage = 'insecure link'\nhelp = 'use https'\nlevel = 'error'\n"


def library(folder: Path, rules: str, page: str) -> Path:
    for name in ("spec", "p"):
        (folder / name).mkdir()
    (folder / "patternlint.toml").write_text('specs = ["spec"]\npatterns = ["p/*.md"]\nselect = ["text"]\n')
    (folder / "spec/spec.toml").write_text(HEAD + rules, encoding="utf-8")
    (folder / "spec/page.schema.json").write_text("{}")
    (folder / "p/a.md").write_text(page, encoding="utf-8")
    return folder


def places(folder: Path, *arguments: str) -> list[tuple[str, int, int, int]]:
    found = json.loads(patternlint("--no-cache", "--output-format", "json", *arguments, cwd=folder).out)["findings"]
    return [(one["rule"], one["line"], one["column"], one["end_column"]) for one in found]


def rule(place: str, setting: str, expression: str) -> str:
    return f"[[text]]\nname = 'rule'\nin = '{place}'\n{setting} = '{expression}'\nmessage = 'wrong'\n"


def test_matches_in_the_body_are_found_exactly_and_not_in_code(tmp_path: Path) -> None:
    page = (
        "---\nbed: http://a\n---\n\nÖfen 😀 <http://öfen>, `http://x` http://y\n\n```\nhttp://code\n```\n\n"
        "http://z <!-- patternlint: ignore[no-http] http://old -->\n"
    )
    folder = library(tmp_path, HTTP + rule("body", "forbid", "Öfen"), page)
    assert places(folder) == [("rule", 5, 1, 5), ("no-http", 5, 9, 22), ("no-http", 5, 34, 42)]
    assert places(folder, "--ignore", "no-http") == [("rule", 5, 1, 5)]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (rule("bed", "forbid", "ö+"), [("rule", 2, 9, 11)]),
        (rule("note", "forbid", "ö"), [("rule", 3, 8, 9)]),
        (rule("links", "forbid", "ö"), [("rule", 5, 5, 6), ("rule", 6, 12, 13)]),
        (rule("links[]", "forbid", "ö"), [("rule", 5, 5, 6), ("rule", 6, 12, 13)]),
        (rule("links[].to", "forbid", "ö"), [("rule", 6, 12, 13)]),
        (rule("*", "match", "^B"), [("rule", 3, 8, 10), ("rule", 5, 5, 8), ("rule", 6, 10, 14)]),
        (rule("front-matter", "forbid", "^note"), [("rule", 3, 1, 5)]),
        (rule("front-matter", "match", "^id:"), [("rule", 1, 1, 4)]),
        (rule("body", "match", "^## Öfen$"), [("rule", 9, 1, 7)]),
        (rule("body", "match", "^# Öfen$"), []),
        (rule("body", "forbid", "z*"), []),
    ],
)
def test_places(tmp_path: Path, rules: str, expected: list[tuple[str, int, int, int]]) -> None:
    page = "---\nbed: B föö\nnote: 'öl'\nlinks:\n  - öde\n  - {to: h.ök}\n---\n\n# Öfen\n\nText.\n"
    assert places(library(tmp_path, rules, page)) == expected


def test_a_folded_text_is_marked_whole(tmp_path: Path) -> None:
    page = '---\nbed: >-\n  Öl und\n  Holz\nnote: "\\u00d6l und Holz"\n---\n\nText.\n'
    folder = library(tmp_path, rule("*", "forbid", "und Holz"), page)
    assert places(folder) == [("rule", 2, 6, 7), ("rule", 5, 7, 25)]


def test_it_is_listed_and_explained(tmp_path: Path) -> None:
    folder = library(tmp_path, HTTP, "---\nbed: a\n---\n\nText.\n")
    assert re.search(
        r"^text\n  no-http +error +The body does not match `http://", patternlint("rules", cwd=folder).out, re.MULTILINE
    )
    page = patternlint("rule", "no-http", cwd=folder).out
    assert "- Specs: **garden**" in page
    assert "## Bad" not in page
    assert "Use https." in page
    assert patternlint("--no-cache", cwd=folder).code == OK


def test_an_extending_specification_changes_a_rule(tmp_path: Path) -> None:
    folder = library(tmp_path, HTTP, "---\nbed: a\n---\n\nhttp://a ftp://b\n")
    (folder / "own").mkdir()
    own = "version = 'own'\ntitle = 'Own'\nextends = 'garden'\nfiles = ['p/*.md']\n[[text]]\nname = 'no-http'\nforbid = 'ftp:'\nmessage = 'x'\n"
    (folder / "own/spec.toml").write_text(own)
    (folder / "patternlint.toml").write_text('specs = ["spec", "own"]\nselect = ["text"]\n')
    assert places(folder) == [("no-http", 5, 10, 14)]


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        (
            rule("body", "forbid", "(a"),
            "spec.toml:11: `forbid` of the rule `rule`: `(a` is not a valid regular expression",
        ),
        (rule("body", "match", "a(?!b)"), "spec.toml:11: `match` of the rule `rule`: `a(?!b)` is not a valid"),
        (rule("bad", "match", "a"), "spec.toml:10: unknown key `bad` in `text.rule`; did you mean `bed`?"),
        (rule("body", "find", "a"), "spec.toml:11: unknown setting `find`"),
        (HTTP + "match = 'a'\n", "spec.toml:9: the rule `no-http` needs either `forbid` or `match`"),
        (HTTP.replace("no-http", "No http"), "spec.toml:9: `No http` is not a valid rule name"),
        (HTTP + HTTP, "duplicate rule `no-http`"),
        (HTTP.replace("no-http", "orphan"), "duplicate rule `orphan`"),
    ],
)
def test_what_is_refused(tmp_path: Path, rules: str, reason: str) -> None:
    result = patternlint("--no-cache", cwd=library(tmp_path, rules, "---\nbed: a\n---\n"))
    assert result.code == ERROR
    assert reason in result.err


def test_without_re2_the_error_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "re2", None)
    with pytest.raises(UserError, match=r"pip install 'patternlint\[text\]'"):
        compile_expression("never seen before")


@pytest.mark.parametrize("expression", ["(a+)+$", "(a|a)*b", "a.*a.*a.*b", "(.*)*!", r"(\w+\s?)+:"])
def test_no_expression_hangs_on_the_longest_line(tmp_path: Path, expression: str) -> None:
    folder = library(tmp_path, rule("body", "forbid", expression), f"---\nbed: a\n---\n\n{'a' * 36_562}!\n")
    start = time.process_time()
    assert patternlint("--no-cache", "--jobs", "1", cwd=folder).code in (OK, FINDINGS)
    assert time.process_time() - start < 5


def test_many_matches_are_cut_off(tmp_path: Path) -> None:
    folder = library(tmp_path, rule("body", "forbid", "ö"), f"---\nbed: a\n---\n\n{'ö' * 5_000}\n")
    assert len(places(folder)) == MAX_FINDINGS


@given(st.text(st.sampled_from("aäö😀 \n"), max_size=60))
def test_spans_are_those_of_python(text: str) -> None:
    expected = [match.span() for match in re.finditer(r"(?m)ö+|^ä", text)]
    assert [match.span() for match in compile_expression("ö+|^ä").finditer(text)] == expected
