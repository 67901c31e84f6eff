"""What the examples of the rules about links cannot show: other libraries, the order of files, many patterns."""

from __future__ import annotations

import random
from itertools import count
from typing import Any

import pytest
from msgspec.structs import replace

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.fix import InsertItem
from patternlint.document.links import INFERRED, Link
from patternlint.fixer.apply import fix_files
from patternlint.library.entry import Entry, Hub, build_entry
from patternlint.library.library import Library
from patternlint.linter.registry import Registry, built_in_rules
from patternlint.linter.selection import configure
from patternlint.parser.parser import ParsedFile, parse
from patternlint.rule import LibraryRule
from patternlint.source import Source
from patternlint.spec.loader import load_specs

SPECS = load_specs()
RULES = Registry(built_in_rules()).rules
NAMES = ("cycle", "dangling-target", "missing-inverse", "missing-reciprocal", "orphan", "typeid-slug-mismatch")


def entry(slug: str, *links: tuple[str, str], extra: bool = False, path: str = "", spec: str = "7.1") -> Entry:
    """Return a pattern with links, each a type and a target; its id is `pat_` and the slug."""
    numbers: dict[str, count[int]] = {}
    made = tuple(
        Link(kind, next(numbers.setdefault(kind, count())), kind, target, at, at + 1, weight=0.5)
        for at, (kind, target) in enumerate(links, 10)
    )
    return Entry(path or f"{slug}.md", spec, f"pat_{slug}", slug, slug.title(), links=made, internal=not extra)


def findings(name: str, *entries: Entry, **options: object) -> list[Diagnostic]:
    rule = configure(RULES[name].rule, options)
    assert isinstance(rule, LibraryRule)
    return list(rule.check(Library.build(entries, SPECS)))


def test_a_pattern_of_another_library_is_there() -> None:
    near = entry("near", ("enables", "far"), ("enables", "pat_far"))
    assert findings("dangling-target", near, entry("far", ("enables", "gone"), extra=True)) == []
    assert len(findings("dangling-target", near)) == 2


def test_a_pattern_of_another_library_may_be_meant() -> None:
    (found,) = findings("dangling-target", entry("near", ("enables", "fare")), entry("far-away", extra=True))
    assert "did you mean" not in found.help
    (found,) = findings("dangling-target", entry("near", ("enables", "far")), entry("far-away", extra=True))
    assert found.help == "did you mean `far-away` (Far-Away)?"


def test_the_help_for_a_link_without_a_target_leaves_valid_front_matter_behind() -> None:
    links = ("enables", "gone"), ("enables", "lost"), ("requires", "missing"), (INFERRED, "nowhere")
    written = entry("near", *links)
    text = replace(written, links=tuple(replace(link, key="") for link in written.links[:2]))
    assert [one.help for one in findings("dangling-target", written)] == [
        "write the slug of an existing pattern, or delete the item with all its keys",
        "write the slug of an existing pattern, or delete the item with all its keys",
        "write the slug of an existing pattern, or write `requires: []` instead of the list",
        "write the slug of an existing pattern, or write `inferred_links: []` instead of the list",
    ]
    assert [one.help for one in findings("dangling-target", text)] == [
        "write the slug of an existing pattern, or delete the item"
    ] * 2


def test_two_targets_that_mean_one_pattern_get_one_fix() -> None:
    links = ("enables", "long-tables"), ("requires", "the-long-table"), (INFERRED, "longer-table")
    first, second, inferred = findings("dangling-target", entry("bread", *links), entry("long-table"))
    assert first.fix is not None
    assert second.fix is None
    assert inferred.fix is not None
    assert "already linked" in second.help


def test_a_pattern_is_not_suggested_to_itself() -> None:
    (found,) = findings("dangling-target", entry("long-table", ("enables", "long-tables")))
    assert found.fix is None


def test_nothing_is_expected_of_a_pattern_of_another_library() -> None:
    near = entry("near", ("complementary", "far"), ("generalizes_from", "far"))
    for name in ("missing-reciprocal", "missing-inverse"):
        assert len(findings(name, near, entry("far"))) == 1
        assert findings(name, near, entry("far", extra=True)) == []
        assert findings(name, replace(near, internal=False), entry("far")) == []


def test_nothing_is_expected_of_a_pattern_that_cannot_answer() -> None:
    near = entry("near", ("complementary", "far"))
    assert findings("missing-reciprocal", near, entry("far", spec="1.3")) == []
    assert findings("missing-reciprocal", near, replace(entry("far"), failed_to_parse=True)) == []
    assert findings("missing-reciprocal", replace(near, slug="", id=""), entry("far")) == []


def test_of_patterns_with_one_slug_any_may_answer() -> None:
    near = entry("near", ("complementary", "far"))
    one, other = (entry("far", path=path) for path in ("a.md", "b.md"))
    assert findings("missing-reciprocal", near, one, entry("far", ("complementary", "near"), path="b.md")) == []
    (found,) = findings("missing-reciprocal", near, other, one)
    assert found.fix is not None
    assert found.fix.edits == (InsertItem(("relationships", "complementary"), "near", 0.5, "a.md"),)


def test_a_reciprocal_link_is_expected_once_per_type() -> None:
    links = ("complementary", "far"), ("complementary", "pat_far"), ("alternatives", "far")
    found = findings("missing-reciprocal", entry("near", *links), entry("far"))
    assert [finding.span.start for finding in found] == [10, 12]


def test_two_findings_about_one_pair_say_that_one_answer_is_enough() -> None:
    links = ("complementary", "far"), ("specializes_to", "pat_far"), ("enables", "far"), (INFERRED, "far")
    entries = entry("near", *links, ("alternatives", "other")), entry("far"), entry("other")
    (found, alone) = findings("missing-reciprocal", *entries)
    assert found.help == (
        "add `near` to `complementary` of `far`, or delete `far` here; "
        "one link back is enough, also for `specializes_to`"
    )
    assert alone.help == "add `near` to `alternatives` of `other`, or delete `other` here"
    (found,) = findings("missing-inverse", *entries)
    assert found.help.endswith("one link back is enough, also for `complementary`")
    (found, _) = findings("missing-inverse", *entries, pairs=[["enables", "requires"]])
    assert found.help.endswith("one link back is enough, also for `complementary` and `enables`")


def test_no_answer_is_made_up_from_a_weight_that_cannot_be() -> None:
    near = entry("near", ("complementary", "far"))
    (found,) = findings("missing-reciprocal", replace(near, links=(replace(near.links[0], weight=85.0),)), entry("far"))
    assert found.fix is None
    (found,) = findings("missing-reciprocal", replace(near, slug=""), entry("far"))
    assert found.fix is None


def test_pairs_go_both_ways() -> None:
    one, other = entry("one", ("enables", "other")), entry("other", ("requires", "third"))
    found = findings("missing-inverse", one, other, entry("third"), pairs=[["enables", "requires"]])
    edits = [finding.fix.edits[0] for finding in found if finding.fix is not None]
    assert edits == [
        InsertItem(("relationships", "requires"), "one", 0.5, "other.md"),
        InsertItem(("relationships", "enables"), "other", 0.5, "third.md"),
    ]
    assert findings("missing-inverse", one, other) == []


def test_a_cycle_is_reported_at_its_first_target() -> None:
    one, other = entry("one", ("requires", "other")), entry("other", ("requires", "one"))
    (found,) = findings("cycle", replace(one, internal=False), other)
    assert found.path == "other.md"
    assert found.message == "cycle in `requires`: other → one → other"
    assert findings("cycle", replace(one, internal=False), replace(other, internal=False)) == []
    (found,) = findings("cycle", replace(one, spec="1.3"), other)
    assert found.path == "other.md"


def test_a_component_shows_one_of_its_shortest_cycles() -> None:
    component = [
        entry("a", ("requires", "b"), ("requires", "c")),
        entry("b", ("requires", "d")),
        entry("c", ("requires", "a"), ("requires", "d")),
        entry("d", ("requires", "c")),
    ]
    (found,) = findings("cycle", *component)
    assert found.message.endswith("a → c → a, in a group of 4 patterns")
    assert found.span.start == 11
    assert [label.path for label in found.labels] == ["c.md"]


def test_a_long_way_is_shortened() -> None:
    size = 500
    (found,) = findings("cycle", *(entry(f"p{at:03}", ("requires", f"p{(at + 1) % size:03}")) for at in range(size)))
    assert found.message.endswith("→ p017 → … → p000")
    assert len(found.labels) < 20


def test_the_hub_of_a_pattern_in_another_library_is_no_orphan() -> None:
    hub = entry("hub")
    other = replace(entry("other", extra=True), hubs=(Hub(0, "hub", 1, 2),))
    assert [finding.path for finding in findings("orphan", hub)] == ["hub.md"]
    assert findings("orphan", hub, other) == []


@pytest.mark.parametrize("name", NAMES)
def test_findings_do_not_depend_on_the_order_of_ten_thousand_files(name: str) -> None:
    chance = random.Random(7)  # noqa: S311 - the same library each time
    words = [f"{a}{b}{c}{d}" for a in "bdfgkl" for b in "aeiou" for c in "mnprst" for d in "aeiou"]
    slugs = [f"{one}-{two}-{words[at * 7 % 900]}" for at, one in enumerate(words) for two in chance.sample(words, 11)]
    kinds = [*SPECS.by_version["7.1"].relationships.types, INFERRED]
    entries = [
        entry(
            slug,
            *((chance.choice(kinds), chance.choice(slugs) + "x" * (chance.random() < 0.05)) for _ in range(6)),
            extra=at % 10 == 0,
            path=f"{at:05}.md",
        )
        for at, slug in enumerate(slugs)
    ]
    entries[7] = replace(entries[7], links=tuple(replace(link, typeid="pat_gone") for link in entries[7].links))
    entries[9] = replace(entries[9], slug="alone", id="pat_alone", links=())
    first = findings(name, *entries)
    chance.shuffle(entries)
    assert findings(name, *entries) == first
    assert first


def parsed(slug: str, links: str) -> ParsedFile:
    text = f"---\nid: pat_{slug}\nslug: {slug}\nontology: {{}}\nrelationships:\n{links}---\n"
    return parse(Source(f"{slug}.md", text.encode()), SPECS)


def fix_all(*files: ParsedFile) -> dict[str, bytes]:
    """Return the files with the fixes of every rule about links made, once."""
    known = {one.source.path: one for one in files}
    entries = [found for one in files if (found := build_entry(one)) is not None]
    return fix_files(known, [one for name in NAMES for one in findings(name, *entries)])


def test_a_corrected_target_and_an_answer_do_not_contradict_each_other() -> None:
    bread = parsed("bread", "  specializes_to: []\n  complementary:\n    - slug: the-oven\n      weight: 0.5\n")
    oven = parsed("oven", "  generalizes_from:\n    - slug: bread\n      weight: 0.7\n")
    fixed = fix_all(bread, oven)["bread.md"].decode()
    assert fixed.count("slug: oven") == 1


def test_two_answers_to_one_pattern_are_not_made_at_once() -> None:
    bread = parsed(
        "bread", "  alternatives:\n    - slug: oven\n      weight: 0.5\n  specializes_to:\n    - slug: oven\n"
    )
    oven = parsed("oven", "  alternatives: []\n  generalizes_from: []\n")
    assert fix_all(bread, oven)["oven.md"].decode().count("slug: bread") == 1


def test_a_fix_says_what_it_may_bring_to_light() -> None:
    near = entry("near", ("complementary", "far"), ("requires", "fars"))
    fixes = [
        one.fix for name in ("missing-reciprocal", "dangling-target") for one in findings(name, near, entry("far"))
    ]
    assert ["cycle" in fix.may_reveal for fix in fixes if fix is not None] == [True]
    (lost,) = findings("dangling-target", entry("near", ("requires", "fars")), entry("far"))
    assert lost.fix is not None
    assert set(lost.fix.may_reveal) < set(RULES)


@pytest.mark.parametrize("mark", [{"has_template_summary": True}, {"id": "pat_XXXXXXXX"}, {"id": "pat_placeholder"}])
def test_a_template_is_never_suggested(mark: dict[str, Any]) -> None:
    near = entry("near", ("enables", "patterns"))
    template = replace(entry("pattern"), **mark)
    (found,) = findings("dangling-target", near, template)
    assert (found.fix, "did you mean" in found.help) == (None, False)
    (found,) = findings("dangling-target", entry("near", ("enables", "Pattern")), template)
    assert found.fix is None


def test_no_weight_is_made_up_where_the_specification_asks_for_one() -> None:
    near = entry("near", ("complementary", "far"))
    bare = replace(near, links=(replace(near.links[0], weight=None),))
    (found,) = findings("missing-reciprocal", bare, entry("far"))
    assert found.fix is None


def test_no_answer_is_offered_where_an_anchor_stands() -> None:
    text = "---\nid: pat_far\nslug: far\nontology: {}\nrelationships:\n  complementary: &none []\n---\n"
    far = build_entry(parse(Source("far.md", text.encode()), SPECS))
    (found,) = findings("missing-reciprocal", entry("near", ("complementary", "far")), far)
    assert found.fix is None
    free = build_entry(parse(Source("far.md", text.replace("&none ", "").encode()), SPECS))
    (found,) = findings("missing-reciprocal", entry("near", ("complementary", "far")), free)
    assert found.fix is not None
