"""Findings of rules about a library as a whole, compared with counts that are written from the list of checks alone."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
import yaml

from tests.support.command import patternlint
from tests.support.independent_count import Loader
from tests.support.real_files import CORPUS, needs_corpus

pytestmark = [needs_corpus, pytest.mark.slow]
GROUPS = 23  # of slugs that are the same but for filler words
FILLERS = re.compile("a|an|and|as|at|by|ce|for|from|in|model|of|on|or|pattern|practice|the|theory|to|with")
PREFIXES = 179  # pairs of slugs, linked or not
LIBRARY = CORPUS / "commons-os" / "_patterns"


@pytest.fixture(scope="module")
def patterns() -> Mapping[str, Mapping[str, Any]]:
    """The front matter of each pattern of a real library that PyYAML can read, by file name."""
    found: dict[str, Mapping[str, Any]] = {}
    for path in sorted(LIBRARY.glob("*.md")):
        parts = re.split(r"^---[ ]*$", path.read_text(encoding="utf-8"), maxsplit=2, flags=re.MULTILINE)
        try:
            data = yaml.load(parts[1], Loader)  # noqa: S506 - a safe loader
        except yaml.YAMLError:
            continue
        if isinstance(data, dict):
            found[path.name] = data
    return found


def findings(rule: str) -> Sequence[Mapping[str, Any]]:
    """Return the findings of one rule in the library."""
    options = ("--isolated", "--select", rule, "--no-cache", "--output-format", "jsonl")
    lines = map(json.loads, patternlint(LIBRARY, *options, cwd=LIBRARY).out.splitlines())
    return [one for one in lines if one.get("rule") == rule]


def numbers(rule: str) -> list[int]:
    """Return the first number in the message of each finding of a rule, in descending order."""
    messages = (one["message"].replace(",", "") for one in findings(rule))
    return sorted((int(message.split()[0]) for message in messages), reverse=True)


def test_reasons_in_many_patterns(patterns: Mapping[str, Mapping[str, Any]]) -> None:
    counts: Counter[str] = Counter()
    for data in patterns.values():
        ontology = data.get("ontology")
        scores = ontology.get("commons_assessment") if isinstance(ontology, dict) else None
        reasons = scores.get("vitality_reasoning") if isinstance(scores, dict) else None
        if isinstance(reasons, str) and reasons:
            counts[" ".join(reasons.replace(str(data["title"]), "…").split())] += 1
    expected = sorted((count for count in counts.values() if count > 20), reverse=True)
    assert numbers("copied-reasoning") == expected
    assert len(expected) == 2
    assert sum(expected) > 0.9 * sum(counts.values())


def test_labels_from_the_title(patterns: Mapping[str, Mapping[str, Any]]) -> None:
    endings = ("for Organizations", "in Public Service", "for Movements", "for Products")
    counts = Counter(
        ending
        for data in patterns.values()
        if isinstance(labels := data.get("context_labels"), dict)
        for ending in endings
        if f"{data['title']} {ending}".casefold() in {str(label).casefold() for label in labels.values()}
    )
    assert numbers("title-template") == sorted(counts.values(), reverse=True)


def test_labels_with_several_ids(patterns: Mapping[str, Mapping[str, Any]]) -> None:
    ids: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    places: list[tuple[str, str, str, str]] = []
    for name, data in patterns.items():
        garden = data.get("graph_garden")
        found: set[tuple[str, str, str]] = set()
        for kind in ("entities", "communities"):
            nodes = garden.get(kind) if isinstance(garden, dict) else None
            for node in nodes or ():
                if isinstance(node, dict) and isinstance(node.get("label"), str) and isinstance(node.get("id"), str):
                    label = " ".join(re.findall(r"[^\W_]+", node["label"].casefold()))
                    places.append((name, kind, label, node["id"]))
                    found.add((kind, label, node["id"]))
        for kind, label, identity in found:
            ids[kind, label][identity] += 1
    several = {key: counts for key, counts in ids.items() if key[1] and len(counts) > 1}
    assert Counter(kind for kind, _ in several) == {"entities": 238, "communities": 311}
    expected = Counter(
        (name, identity)
        for name, kind, label, identity in places
        if (counts := several.get((kind, label))) is not None
        and not all(counts[identity] > count for other, count in counts.items() if other != identity)
    )
    reported = Counter(
        (one["path"].rpartition("/")[2], re.findall("`([^`]*)`", re.sub("^`.*` has", "`label` has", one["message"]))[1])
        for one in findings("label-ids")
    )
    assert reported == expected


def are_linked(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Return whether one of two patterns names the other in any list of its front matter."""

    def names(data: Mapping[str, Any]) -> set[str]:
        garden = data.get("graph_garden")
        inferred = (garden.get("inferred_links") if isinstance(garden, dict) else None) or ()
        lists = (*(data.get("relationships") or {}).values(), inferred, *data.values())
        items = [item for some in lists if isinstance(some, list) for item in some]
        found = {
            value
            for item in items
            for value in (
                (item.get("slug"), item.get("typeid"), item.get("target"), item.get("id"))
                if isinstance(item, dict)
                else (item,)
            )
        }
        return {name for name in found if isinstance(name, str)}

    return any(
        not names(this).isdisjoint({two.get("slug"), two.get("id")}) for this, two in ((one, other), (other, one))
    )


def test_slugs_that_start_with_another(patterns: Mapping[str, Mapping[str, Any]]) -> None:
    by_slug = {data["slug"]: data for data in patterns.values() if isinstance(data.get("slug"), str)}
    slugs = sorted(by_slug)
    pairs: list[tuple[str, str]] = []
    for at, slug in enumerate(slugs):
        for other in slugs[at + 1 :]:  # those that start with it follow it at once
            if not other.startswith(slug):
                break
            if other.startswith(f"{slug}-"):
                pairs.append((slug, other))
    assert len(pairs) == PREFIXES
    expected = {
        (longer, shorter)
        for shorter, longer in pairs
        if not are_linked(by_slug[shorter], by_slug[longer])
        and [word for word in shorter.split("-") if not FILLERS.fullmatch(word)]
        != [word for word in longer.split("-") if not FILLERS.fullmatch(word)]
    }
    quoted = (re.findall("`([^`]*)`", one["message"]) for one in findings("slug-prefix"))
    assert {(longer, shorter) for longer, shorter in quoted} == expected


def test_slugs_that_differ_in_filler_words(patterns: Mapping[str, Mapping[str, Any]]) -> None:
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for name, data in patterns.items():
        words = str(data.get("slug")).split("-")
        groups["-".join(word for word in words if not FILLERS.fullmatch(word))].append(name)

    def folded(name: str) -> str:
        return " ".join(re.findall(r"[^\W_]+", str(patterns[name].get("title")).casefold()))

    expected = {
        one
        for key, names in groups.items()
        if key
        for one in names
        for other in names
        if patterns[one].get("slug") != patterns[other].get("slug")
        and folded(one) != folded(other)
        and not are_linked(patterns[one], patterns[other])
    }
    found = [one for one in findings("duplicate-title") if "in filler words only" in one["message"]]
    assert {one["path"].rpartition("/")[2] for one in found} == expected
    assert len([key for key, names in groups.items() if key and len(names) > 1]) == GROUPS
