"""Findings on real files of specification 1.3 equal an independent count."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from string import ascii_letters
from typing import Any

import pytest
import yaml

from tests.support.command import patternlint
from tests.support.pattern_strategy import Loader
from tests.support.real_files import CORPUS, needs_corpus, real_files

pytestmark = [needs_corpus, pytest.mark.slow]
RULES = (
    "derived-value",
    "table-mean",
    "placeholder",
    "missing-inverse",
    "orphan",
    "invalid-value",
    "section-duplicate",
    "section-empty",
)
LISTS = ("generalizes_from", "specializes_to", "enables", "requires", "related")


@cache
def files() -> dict[str, tuple[dict[str, Any], str]]:
    found: dict[str, tuple[dict[str, Any], str]] = {}
    for path in sorted((CORPUS / "commons-os/_patterns").glob("*.md")):
        match = re.match(r"---\n(.*?)\n---\n", text := path.read_text(encoding="utf-8"), re.DOTALL)
        if match is not None and re.search(r"^classification:", match[1], re.MULTILINE):
            found[path.name] = yaml.load(match[1], Loader=Loader), text[match.end() :]  # noqa: S506 - a safe loader
    return found


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str, str]]:
    """Return the file, the rule and the message of each finding in these files."""
    folder = tmp_path_factory.mktemp("library")
    shutil.copytree(CORPUS / "commons-os/_patterns", folder / "patterns")
    (folder / "patternlint.toml").write_text("", encoding="utf-8")
    flags = ("--select", ",".join(RULES), "--output-format", "json", "--no-cache", "--exit-zero")
    found = json.loads(patternlint(".", *flags, cwd=folder).out)["findings"]
    named = [(Path(one["path"]).name, one["rule"], one["message"]) for one in found]
    return [one for one in named if one[0] in files()]


@pytest.fixture(scope="module")
def reported(findings: list[tuple[str, str, str]]) -> dict[str, set[str]]:
    """Return the names of the files with findings of each rule, and with each message."""
    by_rule: dict[str, set[str]] = defaultdict(set)
    for name, rule, message in findings:
        by_rule[rule].add(name)
        by_rule[message].add(name)
    return by_rule


@pytest.fixture(scope="module")
def counts(findings: list[tuple[str, str, str]]) -> Counter[str]:
    """Return the number of findings of each rule."""
    return Counter(rule for _, rule, _ in findings)


def test_scores_that_differ_from_the_text(reported: dict[str, set[str]]) -> None:
    differ = set()
    for name, (data, body) in files().items():
        scores = re.findall(r"Overall Score[:* ]+([0-9.]+)", body)
        if scores and float(data["classification"]["commons_alignment"]) not in map(float, scores):
            differ.add(name)
    assert reported["derived-value"] == differ
    assert len(differ) == 25


def test_tables_with_another_mean(reported: dict[str, set[str]]) -> None:
    differ = set()
    for name, (_, body) in files().items():
        for table in re.findall(r"(?:^\|.*\n?)+", body, re.MULTILINE):
            rows = re.findall(r"^\|[ *]*([^|*]+?)[ *]*\|[ *]*([0-9.]+)(?: ?/ ?5)?[ *]*\|", table, re.MULTILINE)
            cells = re.findall(r"^\|[^|]*\|([^|]*)\|", table, re.MULTILINE)[2:]
            if any(re.fullmatch(r"[ *]*([0-9.]+(?: ?/ ?5)?|N/A)[ *]*", cell) is None for cell in cells):
                continue
            values = [float(value) for title, value in rows if title != "Overall"]
            for value in [float(value) for title, value in rows if title == "Overall"] if len(values) > 1 else []:
                distance = abs(value - sum(values) / len(values))
                if distance > 0.0500001 and not (value.is_integer() and distance <= 0.5):
                    differ.add(name)
    assert reported["table-mean"] == differ
    assert len(differ) == 47


def test_headings_with_word_ranges(reported: dict[str, set[str]]) -> None:
    ranged = {name for name, (_, body) in files().items() if re.search(r"^#.*\d words\)$", body, re.MULTILINE)}
    left = {name for name, (_, body) in files().items() if "\n[Content to be added]\n" in body}
    assert reported["placeholder"] == ranged | left
    assert (len(ranged), len(left)) == (125, 8)


TITLES = (
    "overview|core principles|key practices|application context|when to use|rationale|implementation|consequences"
    "|anti-patterns (?:&|and) gotchas|evidence & impact|known uses|cognitive era considerations"
    "|commons alignment assessment|7 pillars assessment|resources & references|references"
)


def numbered_sections(body: str) -> list[tuple[str, str]]:
    """Return the titles of the sections of the older families, each with the words below its heading."""
    body = re.sub(r"^```.*?^```", "code", body, flags=re.MULTILINE | re.DOTALL)
    heading = re.compile(rf"^#{{1,3}} \d+\. +({TITLES}):?(?: \([^()\n]*\))?$", re.MULTILINE | re.IGNORECASE)
    matches = list(heading.finditer(body))
    ends = [match.start() for match in matches[1:]] + [len(body)]
    return [
        (match[1].lower().replace(" and ", " & "), re.sub(r"^#+ .*", "", body[match.end() : end], flags=re.MULTILINE))
        for match, end in zip(matches, ends, strict=False)
    ]


def test_sections(reported: dict[str, set[str]], counts: Counter[str]) -> None:
    sections = {name: numbered_sections(body) for name, (_, body) in files().items()}
    further = {name: len(found) - len(dict(found)) for name, found in sections.items()}
    empty = {name: sum(re.search(r"\w", text) is None for _, text in found) for name, found in sections.items()}
    assert reported["section-duplicate"] == {name for name, count in further.items() if count}
    assert reported["section-empty"] == {name for name, count in empty.items() if count}
    assert (len(reported["section-duplicate"]), len(reported["section-empty"])) == (131, 44)
    assert (
        (counts["section-duplicate"], counts["section-empty"])
        == (sum(further.values()), sum(empty.values()))
        == (284, 283)
    )


def is_catalog_number(word: str) -> bool:
    """Return whether a word is at most two letters and a number that begins with 0."""
    number = word.lstrip(ascii_letters)
    return number.isdecimal() and number != "0" and number.startswith("0") and len(word) - len(number) < 3


def test_catalog_numbers(reported: dict[str, set[str]]) -> None:
    slugs = {name for name, (data, _) in files().items() if is_catalog_number(str(data["slug"]).partition("-")[0])}
    titles = {name for name, (data, _) in files().items() if is_catalog_number(str(data["title"]).partition(":")[0])}
    assert reported["slug starts with a catalog number"] == slugs
    assert reported["title starts with a catalog number"] == titles
    assert reported["invalid-value"] == slugs | titles
    assert (len(slugs), len(titles)) == (9, 7)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the patterns that follow specification 1.3."""
    folder = tmp_path_factory.mktemp("older")
    (folder / "patternlint.toml").write_text("", encoding="utf-8")
    for name in files():
        shutil.copy(CORPUS / "commons-os/_patterns" / name, folder)
    return folder


def fixes_of(rule: str, folder: Path) -> list[tuple[str, str]]:
    """Return the file and the title of each fix of a rule."""
    flags = ("--select", rule, "--output-format", "json", "--no-cache", "--exit-zero")
    found = json.loads(patternlint(".", *flags, cwd=folder).out)["findings"]
    return [(one["path"], one["fix"]["title"]) for one in found if one["fix"] is not None]


def test_names_in_place_of_ids(library: Path) -> None:
    """Links like those that owners deleted, because their tool asked for ids, get the id of the pattern that they name."""
    named = {data["id"]: data for data, _ in files().values()}
    slugs, titles = (Counter(str(data[key]) for data in named.values()) for key in ("slug", "title"))
    forms = ["{slug}"] * 69 + ["{slug}-pattern"] * 63 + ["{title}"] * 3
    expected: set[tuple[str, str]] = set()
    for name, (data, _) in files().items():
        links = [target for kind in LISTS for target in data.get(kind) or []]
        for identity in links if forms else ():
            slug, title = (str(named.get(identity, {}).get(key)) for key in ("slug", "title"))
            if slugs[slug] == titles[title] == links.count(identity) == 1 and not slugs[f"{slug}-pattern"]:
                written = forms.pop().format(slug=slug, title=title)
                text = (library / name).read_text(encoding="utf-8")
                text = text.replace(f"- {identity}", f"- {json.dumps(written)}", 1)
                (library / name).write_text(text, encoding="utf-8")
                expected.add((name, f"replace `{written}` with `{identity}`"))
                break
    assert len(expected) == 135
    assert expected <= set(fixes_of("dangling-target", library))


def test_hubs_that_only_their_principle_names(tmp_path: Path) -> None:
    """Hubs whose id is replaced by one that no pattern has get the pattern whose title is their principle."""
    texts = [path.read_text(encoding="utf-8") for path in real_files("luebeck", sample=False)]
    titles = {
        name: title for text in texts for title in _values("title", text) for name in _values("(?:id|slug)", text)
    }
    expected = 0
    for number, text in enumerate(texts):
        edited = text
        for match in re.finditer(r'- hub_id: "?([^"\n]+)"?(?:\n +principle: .*)?', text):
            title = titles.get(match[1], "")
            if title:
                hub = f"- hub_id: core_{expected}\n    principle: {json.dumps(title)}"
                edited, expected = edited.replace(match[0], hub, 1), expected + 1
        (tmp_path / f"{number}.md").write_text(edited, encoding="utf-8")
    (tmp_path / "patternlint.toml").write_text("", encoding="utf-8")
    assert len(fixes_of("hub-exists", tmp_path)) == expected == 82


def _values(key: str, text: str) -> list[str]:
    return re.findall(rf'^{key}: *"?([^"\n]+)', text.partition("\n---\n")[0], re.MULTILINE)


def test_links_in_one_direction(reported: dict[str, set[str]]) -> None:
    links = {
        (data["id"], kind, target) for data, _ in files().values() for kind in LISTS for target in data.get(kind) or []
    }
    known = {data["id"] for data, _ in files().values()}
    inverse = {"generalizes_from": "specializes_to", "specializes_to": "generalizes_from"}
    missing = {
        source
        for source, kind, target in links
        if kind in inverse and target in known and (target, inverse[kind], source) not in links
    }
    assert {files()[name][0]["id"] for name in reported["missing-inverse"]} == missing
    linked = {name for source, _, target in links if target in known for name in (source, target)}
    alone = {name for name, (data, _) in files().items() if data["id"] not in linked}
    ids = Counter(data["id"] for data, _ in files().values())
    shared = {name for name, (data, _) in files().items() if ids[data["id"]] > 1}
    assert reported["orphan"] <= alone | shared  # a link in the text connects files too; one of two ids is the target
    assert len(alone - reported["orphan"]) < 40
