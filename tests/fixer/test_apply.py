from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.fix import DeclaredChange, Edit, Fix, InsertItem, InsertKey, Replacement, Safety
from patternlint.diagnostics.severity import Severity
from patternlint.edits.apply import apply_edits
from patternlint.fixer.apply import apply_fixes, lower
from patternlint.fixer.fixpoint import MAX_PASSES, FixResult, LintPass, fix_until_stable
from patternlint.fixer.verify import changed_routes, rejection_reason
from patternlint.parser.parser import ParsedFile, parse
from patternlint.source import Source, Span
from patternlint.spec.loader import load_specs
from tests.support.pattern_strategy import load

SPECS = load_specs()
ENABLES = ("relationships", "enables")
TEXT = "---\nid: pat_a\ntitle: Gärten  # note\nrelationships:\n  enables: []\nontology: {}\n---\n\nText.\n"


def read(text: str | bytes, path: str = "a.md") -> ParsedFile:
    data = text if isinstance(text, bytes) else text.encode()
    return parse(Source(path, data), SPECS, spec=SPECS.by_version["7.1"], named=True)


def finding(fix: Fix, path: str = "a.md", at: int = 0, rule: str = "a-rule") -> Diagnostic:
    return Diagnostic(path, rule, Severity.INFO, "a message", Span(at, at), fix=fix)


def replace(text: str, old: str, new: str, *changes: DeclaredChange, path: str = "") -> Fix:
    at = text.index(old)
    return Fix("do it", Safety.SAFE, (Replacement(Span(at, at + len(old)), new, path),), changes)


def settled(
    files: Mapping[str, str], look: Callable[[Mapping[str, str]], list[Diagnostic]]
) -> tuple[FixResult, dict[str, str]]:
    """Fix files until stable; `look` returns their diagnostics."""
    texts = dict(files)

    def at() -> LintPass:
        return LintPass({path: read(text, path) for path, text in texts.items()}, look(texts))

    def relint(changed: Mapping[str, bytes]) -> LintPass:
        texts.update({path: data.decode() for path, data in changed.items()})
        return at()

    return fix_until_stable(at(), relint, lambda _: True), texts


def test_of_two_fixes_in_each_others_way_the_first_is_made() -> None:
    one = finding(replace(TEXT, "Gärten", "Wald"), at=3)
    other = finding(replace(TEXT, "ärten  ", "x"), at=4)
    made = apply_fixes({"a.md": read(TEXT)}, [other, one])
    assert made.applied == (one,)
    assert "Wald" in made.texts["a.md"]


def test_a_fix_whose_own_edits_overlap_is_not_made() -> None:
    fix = Fix("do it", Safety.SAFE, (Replacement(Span(4, 9), "x"), Replacement(Span(8, 12), "y")))
    assert apply_fixes({"a.md": read(TEXT)}, [finding(fix)]).texts == {}


def test_a_fix_over_several_files_is_made_whole_or_not_at_all() -> None:
    edits = (Replacement(Span(4, 4), "a: 1\n"), Replacement(Span(4, 4), "b: 1\n", "b.md"))
    fix = finding(Fix("do it", Safety.SAFE, edits))
    assert apply_fixes({"a.md": read(TEXT)}, [fix]).texts == {}
    assert set(apply_fixes({"a.md": read(TEXT), "b.md": read(TEXT, "b.md")}, [fix]).texts) == {"a.md", "b.md"}


def test_a_file_that_is_not_utf_8_is_never_touched() -> None:
    parsed = read(TEXT.encode() + b"\xff")
    assert apply_fixes({"a.md": parsed}, [finding(replace(TEXT, "Gärten", "Wald"))]).texts == {}


def test_new_lines_end_like_the_others() -> None:
    parsed = read(TEXT.replace("\n", "\r\n"))
    text = parsed.source.text
    at = text.index("title")
    fix = Fix("do it", Safety.SAFE, (Replacement(Span(at, at), "slug: a\n"), InsertItem(ENABLES, "b", 0.5)))
    fixed = apply_fixes({"a.md": parsed}, [finding(fix)]).texts["a.md"]
    assert fixed.count("\n") == fixed.count("\r\n") == text.count("\n") + 3


def test_thousands_of_items_come_into_one_list_in_one_pass() -> None:
    fixes = [
        finding(Fix("do it", Safety.UNSAFE, (InsertItem(ENABLES, f"t{i}", i % 9 / 9),)), at=i) for i in range(3000)
    ]
    made = apply_fixes({"a.md": read(TEXT)}, fixes)
    assert len(made.applied) == len(fixes)
    pattern = read(made.texts["a.md"]).pattern
    assert pattern is not None
    weights = [item["weight"] for item in pattern.data["relationships"]["enables"]]
    assert len(weights) == len(fixes)
    assert weights == sorted(weights, reverse=True)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("enables: []", "enables:\n    - slug: b\n      weight: 0.5"),
        ("enables: []  # none", "enables:  # none\n    - slug: b\n      weight: 0.5"),
        ("enables:", "enables:\n    - slug: b\n      weight: 0.5"),
        ("enables: null", "enables:\n    - slug: b\n      weight: 0.5"),
        (
            "enables:\n  - slug: 'c'\n    weight: 0.4",
            "enables:\n  - slug: 'b'\n    weight: 0.5\n  - slug: 'c'\n    weight: 0.4",
        ),
        (
            "enables:\n    # the best\n    - {slug: c, weight: 0.9}  # first\n    # the rest",
            "enables:\n    # the best\n    - {slug: c, weight: 0.9}  # first\n    - {slug: b, weight: 0.5}\n    # the rest",
        ),
        (
            "enables:\n    -   weight: 0.9\n        slug: c\n        # about c",
            "enables:\n    -   weight: 0.9\n        slug: c\n        # about c\n    -   weight: 0.5\n        slug: b",
        ),
        (
            "enables:\n    - typeid: pat_1\n      slug: c\n      weight: 0.9\n      source: curated",
            "enables:\n    - typeid: pat_1\n      slug: c\n      weight: 0.9\n      source: curated\n    - slug: b\n      weight: 0.5",
        ),
        ("enables: [{slug: c, weight: 0.2}]", "enables: [{slug: b, weight: 0.5}, {slug: c, weight: 0.2}]"),
        ("requires: []", "enables:\n    - slug: b\n      weight: 0.5\n  requires: []"),
        (
            "enables:\n    - { slug: c, weight: 0.2 }",
            "enables:\n    - { slug: b, weight: 0.5 }\n    - { slug: c, weight: 0.2 }",
        ),
        (
            "enables:\n    - id: c\n      weight: 0.9",
            "enables:\n    - id: c\n      weight: 0.9\n    - slug: b\n      weight: 0.5",
        ),
        (
            "enables:\n    - typeid: 'pat_c'\n      weight: 0.9",
            "enables:\n    - typeid: 'pat_c'\n      weight: 0.9\n    - slug: 'b'\n      weight: 0.5",
        ),
        ("enables: [c]", "enables: [c, {slug: b, weight: 0.5}]"),
        ("enables: [{ slug: c, weight: 0.9 }]", "enables: [{ slug: c, weight: 0.9 }, { slug: b, weight: 0.5 }]"),
        ("enables: [{weight: 0.9, slug: 'c'}]", "enables: [{weight: 0.9, slug: 'c'}, {weight: 0.5, slug: 'b'}]"),
        (
            "enables: [&x {slug: c, weight: 0.9}, {slug: 'd', weight: 0.1}]",
            "enables: [&x {slug: c, weight: 0.9}, {slug: 'b', weight: 0.5}, {slug: 'd', weight: 0.1}]",
        ),
        (
            "enables:\n    - slug: c\n      weight: hoch\n    - slug: d\n      weight: true",
            "enables:\n    - slug: c\n      weight: hoch\n    - slug: d\n      weight: true\n    - slug: b\n      weight: 0.5",
        ),
        (
            "enables:\n    - &x {slug: c, weight: 0.9}\n    - slug: 'd'\n      weight: 0.1",
            "enables:\n    - &x {slug: c, weight: 0.9}\n    - slug: 'b'\n      weight: 0.5\n    - slug: 'd'\n      weight: 0.1",
        ),
        (
            "enables:\n    - slug: c\n      weight: 0.9\n    - slug: 'd'\n      weight: 0.6\n    - {slug: e, weight: 0.1}",
            "enables:\n    - slug: c\n      weight: 0.9\n    - slug: 'd'\n      weight: 0.6\n    - slug: 'b'\n      weight: 0.5\n    - {slug: e, weight: 0.1}",
        ),
        (
            'enables:\n    - slug: 3\n    - slug: "d"\n      weight: 0.1',
            'enables:\n    - slug: 3\n    - slug: "b"\n      weight: 0.5\n    - slug: "d"\n      weight: 0.1',
        ),
        (
            "enables:\n    -\n      slug: c\n      weight: 0.9",
            "enables:\n    -\n      slug: c\n      weight: 0.9\n    - slug: b\n      weight: 0.5",
        ),
        ("enables:\n    -    slug: c", "enables:\n    -    slug: c\n    -    slug: b\n         weight: 0.5"),
        ("requires:\n  - slug: 'c'", "enables:\n  - slug: 'b'\n    weight: 0.5\n  requires:\n  - slug: 'c'"),
        ("tools:\n      - name: x", "enables:\n      - slug: b\n        weight: 0.5\n  tools:\n      - name: x"),
    ],
)
def test_an_item_is_written_like_its_neighbors(before: str, after: str) -> None:
    text = "---\nid: pat_a\nrelationships:\n  {}\nontology:\n  domain: x\n---\n".replace("{}", before)
    lowered = apply_fixes(
        {"a.md": read(text)}, [finding(Fix("do it", Safety.UNSAFE, (InsertItem(ENABLES, "b", 0.5),)))]
    )
    assert lowered.texts["a.md"] == text.replace(before, after)


def test_items_of_the_old_layout_are_bare() -> None:
    text = "---\nid: pat_a\nenables:\n- 'pat_1'\nrelated: []\nclassification: {}\n---\n"
    parsed = parse(Source("a.md", text.encode()), SPECS)
    lowered = lower(
        [InsertItem(("enables",), "pat_2", None, step=""), InsertItem(("related",), "pat_3", None, step="")], parsed
    )
    assert lowered is not None
    assert "".join(edit.text for edit in lowered) == "- 'pat_2'\n- 'pat_3'\n"


@pytest.mark.parametrize("value", ["text", "&x []", "*x", "{a: b}"])
def test_what_is_no_list_is_left_alone(value: str) -> None:
    text = f"---\nid: pat_a\nother: &x []\nrelationships:\n  enables: {value}\nontology: {{}}\n---\n"
    if value == "&x []":
        text = text.replace("other: &x []\n", "")
    assert lower([InsertItem(ENABLES, "b", 0.5)], read(text)) is None


def test_a_key_that_begins_a_group_gets_its_banner() -> None:
    rule = "# " + "═" * 67
    text = f"---\n{rule}\n# GROUP 1: CORE IDENTITY\n{rule}\nid: pat_a\n\n{rule}\n# GROUP 4: LIFECYCLE\n{rule}\nlifecycle: {{}}\n---\n"
    lowered = lower([InsertKey(("context_labels",), "{}"), InsertKey(("ontology",), "{}")], read(text))
    assert lowered is not None
    (edit,) = lowered
    assert edit.text == (
        f"\n{rule}\n# GROUP 2: CONTEXTUAL TRANSLATION (The Navigator Engine)\n{rule}\ncontext_labels: {{}}\n"
        f"\n{rule}\n# GROUP 3: ONTOLOGY & SEARCH OPTIMIZATION (The RAG Fuel)\n{rule}\nontology: {{}}\n"
    )


@pytest.mark.parametrize(
    ("old", "new", "declared", "words"),
    [
        ("Gärten", "Wald", (), "it would change `title`"),
        ("Gärten", "Wald", (("title",),), None),
        ("Gärten", '"Gärten"', (), None),
        ("Gärten", "1", (("slug",),), "it would change `title`"),
        ("  # note", "", (), "it would delete the comment `# note`"),
        ("# note", "# noted", (), "it would delete the comment `# note`"),
        ("title: Gärten", "title: [", (("title",),), "would no longer parse"),
        ("title: Gärten", "title: Gärten\ntitle: Gärten", (), "it would duplicate the key `title`"),
        ("enables: []", "enables: [a]", (("relationships",),), None),
        ("enables: []", "enables: [a]", (ENABLES,), None),
        ("enables: []", "enables: [a]", ((*ENABLES, 0),), "it would change `relationships.enables`"),
        ("enables: []", "requires: []", (ENABLES,), "it would change `relationships.requires`"),
        ("Text.", "Text!", (), "it would change the text"),
        ("Text.", "Text!", (("body",),), None),
    ],
)
def test_the_guard(old: str, new: str, declared: tuple[tuple[str | int, ...], ...], words: str | None) -> None:
    reason = rejection_reason(read(TEXT), read(TEXT.replace(old, new)), declared)
    assert reason is None if words is None else words in (reason or "")


def test_the_guard_looks_at_new_findings() -> None:
    parsed = read(TEXT)
    assert rejection_reason(parsed, parsed, (), ({"a": 1, "b": 2}, {"a": 1, "b": 2})) is None
    assert rejection_reason(parsed, parsed, (), ({"a": 1}, {"a": 2})) == "it would introduce a new finding `a`"


def test_the_guard_takes_line_endings_for_what_they_are() -> None:
    assert rejection_reason(read("\ufeff" + TEXT.replace("\n", "\r\n")), read(TEXT), ()) is None


def test_differences_of_data() -> None:
    nan = float("nan")
    assert list(changed_routes({"a": [1, nan], "b": 1}, {"a": [1, nan], "b": 1})) == []
    assert list(changed_routes({"a": [1, 2]}, {"a": [1, 3]})) == [("a", 1)]
    assert list(changed_routes({"a": [1, 2]}, {"a": [1]})) == [("a",)]
    assert list(changed_routes({"a": 1}, {"a": 1.0})) == [("a",)]


def test_fixes_are_repeated_until_nothing_changes() -> None:
    def look(texts: Mapping[str, str]) -> list[Diagnostic]:
        found = [word for word in ("one", "two", "three") if word in texts["a.md"]]
        following = {"one": "two", "two": "three", "three": "four"}
        return [finding(replace(texts["a.md"], word, following[word], DeclaredChange(("title",)))) for word in found]

    text = TEXT.replace("Gärten", "one")
    result, _ = settled({"a.md": text}, look)
    assert result.data == {"a.md": text.replace("one", "four").encode()}
    assert len(result.applied) == 3
    assert result.refused == ()


def test_fixes_that_never_come_to_rest_are_refused() -> None:
    def look(texts: Mapping[str, str]) -> list[Diagnostic]:
        old, new = ("Gärten", "Wald") if "Gärten" in texts["a.md"] else ("Wald", "Gärten")
        return [finding(replace(texts["a.md"], old, new, DeclaredChange(("title",))))]

    result, texts = settled({"a.md": TEXT}, look)
    assert result.data == {}
    assert str(MAX_PASSES) in result.refused[0].reason
    assert texts["a.md"] == TEXT


def test_a_refused_fix_over_two_files_leaves_the_other_fixes_of_both() -> None:
    files = {"a.md": TEXT, "b.md": TEXT, "c.md": TEXT}

    def look(texts: Mapping[str, str]) -> list[Diagnostic]:
        found = []
        for path in ("a.md", "c.md"):
            if "Gärten" in texts[path]:
                change = replace(texts[path], "Gärten", "Wald", DeclaredChange(("title",)))
                found.append(finding(change, path))
        if "Gärten" in texts["b.md"]:
            edit = replace(texts["b.md"], "Gärten", "Wald").edits[0]
            both = Fix(
                "do it",
                Safety.SAFE,
                (edit, Replacement(Span(4, 4), "tags: {}\n", "a.md")),
                (DeclaredChange(("tags",), "a.md"),),
            )
            found.append(finding(both, "b.md", rule="b-rule"))
        return found

    result, texts = settled(files, look)
    assert set(result.data) == {"a.md", "c.md"}
    assert [(one.path, one.finding.rule, one.reason) for one in result.refused] == [
        ("b.md", "b-rule", "it would change `title`, which it does not declare"),
    ]
    assert texts["a.md"] == texts["c.md"] == TEXT.replace("Gärten", "Wald")
    assert texts["b.md"] == TEXT
    assert sorted(one.path for one in result.applied) == ["a.md", "c.md"]


@pytest.mark.parametrize(
    ("before", "after", "brings", "reason"),
    [
        (0, 0, (), None),
        (0, 1, (), "it would introduce a new finding `b-rule`"),
        (1, 1, (), None),
        (1, 2, (), "it would introduce a new finding `b-rule`"),
        (2, 1, (), None),
        (0, 2, ("b-rule",), None),
        (0, 1, ("c-rule",), "it would introduce a new finding `b-rule`"),
    ],
)
def test_a_file_in_which_a_fix_brings_something_to_light_stays_as_it_was(
    before: int, after: int, brings: tuple[str, ...], reason: str | None
) -> None:
    def look(texts: Mapping[str, str]) -> list[Diagnostic]:
        is_fixed = "Wald" in texts["a.md"]
        reported = [Diagnostic("a.md", "b-rule", Severity.INFO, "more") for _ in range(after if is_fixed else before)]
        if is_fixed:
            return reported
        fix = Fix("do it", Safety.SAFE, replace(TEXT, "Gärten", "Wald").edits, (DeclaredChange(("title",)),), brings)
        return [finding(fix), *reported]

    result, texts = settled({"a.md": TEXT, "b.md": TEXT}, look)
    assert [(one.path, one.reason) for one in result.refused] == ([] if reason is None else [("a.md", reason)])
    assert ("Wald" in texts["a.md"]) == (reason is None) == ("a.md" in result.data) == (len(result.applied) == 1)


def test_a_fix_that_adds_a_finding_to_another_file_is_refused() -> None:
    files = {"a.md": TEXT, "b.md": TEXT, "c.md": TEXT, "d.md": TEXT}

    def look(texts: Mapping[str, str]) -> list[Diagnostic]:
        found = [
            finding(replace(texts[path], "Gärten", "Wald", DeclaredChange(("title",))), path)
            for path in ("a.md", "b.md")
            if "Gärten" in texts[path]
        ]
        if "Wald" in texts["a.md"]:
            found.append(Diagnostic("c.md", "b-rule", Severity.ERROR, "dangling"))
        return found

    def at(texts: Mapping[str, str]) -> LintPass:
        parsed = {path: read(text, path) for path, text in texts.items()}
        return LintPass(parsed, look(texts), linked={"c.md": ("a.md", "d.md")}.get)  # type: ignore[arg-type]

    texts = dict(files)

    def relint(changed: Mapping[str, bytes]) -> LintPass:
        texts.update({path: data.decode() for path, data in changed.items()})
        return at(texts)

    result = fix_until_stable(at(texts), relint, lambda _: True)
    assert set(result.data) == {"b.md"}
    assert [(one.path, one.reason) for one in result.refused] == [
        ("a.md", "it would introduce a new finding `b-rule` in c.md")
    ]
    assert texts["a.md"] == TEXT


def test_one_refused_fix_among_many_is_found_in_few_trials() -> None:
    words = [f"w{number:02}" for number in range(40)]
    text = TEXT.replace("Text.", " ".join(words))
    trials = []

    def look(texts: Mapping[str, str]) -> list[Diagnostic]:
        trials.append(1)
        found = [
            finding(replace(texts["a.md"], word, word.upper(), DeclaredChange(("body",))), rule=f"rule-{word}")
            for word in words
            if word in texts["a.md"]
        ]
        return [*found, Diagnostic("a.md", "b-rule", Severity.INFO, "more")] if "W23" in texts["a.md"] else found

    result, _ = settled({"a.md": text}, look)
    assert [one.finding.rule for one in result.refused] == ["rule-w23"]
    assert result.data["a.md"].decode() == " ".join(word if word == "w23" else word.upper() for word in words).join(
        TEXT.split("Text.")
    )
    assert len(trials) < 40


def test_what_changed_in_any_pass_is_written() -> None:
    def look(texts: Mapping[str, str]) -> list[Diagnostic]:
        path = next((path for path, text in texts.items() if "Gärten" in text), None)
        return [finding(replace(TEXT, "Gärten", "Wald", DeclaredChange(("title",))), path)] if path else []

    result, _ = settled({"a.md": TEXT, "b.md": TEXT, "c.md": TEXT.replace("Gärten", "Hof")}, look)
    assert set(result.data) == {"a.md", "b.md"}


def test_fixes_that_nobody_wants_are_not_made() -> None:
    start = LintPass({"a.md": read(TEXT)}, [finding(replace(TEXT, "Gärten", "Wald", DeclaredChange(("title",))))])
    result = fix_until_stable(start, lambda _: start, lambda _: False)
    assert (result.data, result.applied, result.last) == ({}, (), start)


def adds(target: str, at: int, path: str = "a.md", to: str = "") -> Diagnostic:
    return finding(Fix("do it", Safety.UNSAFE, (InsertItem(ENABLES, target, at / 9, to),)), path, at)


def test_every_fix_that_goes_with_those_before_it_is_made() -> None:
    plain = Diagnostic("a.md", "a-rule", Severity.INFO, "no fix", Span(0, 0))
    wood = replace(TEXT, "Gärten", "Wald")
    in_the_way = replace(TEXT, "ärten  ", "x")
    last = replace(TEXT, "Text", "Worte")
    found = [
        plain,
        finding(wood, at=1),
        finding(wood, at=2, rule="b-rule"),
        finding(in_the_way, at=3),
        finding(last, at=4),
    ]
    outcome = apply_fixes({"a.md": read(TEXT)}, found)
    assert [one.span.start for one in outcome.applied] == [1, 2, 4]
    assert outcome.texts == {"a.md": TEXT.replace("Gärten", "Wald").replace("Text", "Worte")}


def test_one_pattern_is_related_to_another_once() -> None:
    files = {path: read(TEXT, path) for path in ("a.md", "b.md")}
    found = [adds("x", 0), adds("y", 1), adds("x", 2), adds("x", 3, path="b.md"), adds("y", 4, path="b.md", to="a.md")]
    outcome = apply_fixes(files, found)
    assert [(one.path, one.span.start) for one in outcome.applied] == [("a.md", 0), ("a.md", 1), ("b.md", 3)]
    assert [item["slug"] for item in load(outcome.texts["a.md"].encode())["relationships"]["enables"]] == ["y", "x"]


def test_an_item_is_not_added_for_a_target_that_another_fix_writes() -> None:
    text = TEXT.replace("enables: []", "enables:\n    - slug: bb\n    - slug: cc")
    written = [finding(replace(text, "bb", "x"), at=0), finding(replace(text, "cc", "y"), at=1)]
    requires = ("relationships", "requires")
    findings = [
        finding(Fix("do it", Safety.UNSAFE, (InsertItem(requires, name, 0.5),)), at=5) for name in ("x", "y", "z")
    ]
    outcome = apply_fixes({"a.md": read(text)}, written + findings)
    assert [one.span.start for one in outcome.applied] == [0, 1, 5]
    assert outcome.texts["a.md"].count("slug: z") == 1
    assert [one.span.start for one in apply_fixes({"a.md": read(text)}, findings).applied] == [5, 5, 5]


def test_line_endings_that_an_edit_brings_itself_stay() -> None:
    text = TEXT.replace("\n", "\r\n")
    parsed = read(text)
    at = text.index("title")
    body = text.index("Text")
    edits = (Replacement(Span(at, at), "slug: a\r\n"), Replacement(Span(body - 2, body), "\n"))
    [put_in, replaced] = lower(edits, parsed) or ()
    assert (put_in.text, replaced.text) == ("slug: a\r\n", "\n")
    [alone] = lower([Replacement(Span(0, 0), "a: 1\n")], read("\n" + TEXT)) or ()
    assert alone.text == "a: 1\n"


def test_files_that_several_fixes_tie_together_are_one_group() -> None:
    files = dict.fromkeys(("a.md", "b.md", "c.md", "d.md", "e.md", "f.md", "g.md"), TEXT)
    ties = (("a.md", "b.md"), ("c.md", "d.md"), ("e.md", "f.md"), ("b.md", "c.md"), ("g.md", "g.md"))

    def look(texts: Mapping[str, str]) -> list[Diagnostic]:
        found = []
        for number, (home, other) in enumerate(ties):
            mark = f"tie{number}: 1\n"
            if mark not in texts[home]:
                edits = tuple(Replacement(Span(4, 4), mark, "" if path == home else path) for path in {home, other})
                changes = tuple(
                    DeclaredChange((f"tie{number}",), "" if path == home else path) for path in {home, other}
                )
                found.append(finding(Fix("do it", Safety.SAFE, edits, changes), home, at=number))
        return found

    result, _ = settled(files, look)
    assert (result.refused, set(result.data)) == ((), set(files))
    assert result.atomic_groups == (frozenset(("a.md", "b.md", "c.md", "d.md")), frozenset(("e.md", "f.md")))


LINKS = "---\nid: pat_a\nrelationships:\n  enables:\n    - slug: c\n      weight: 0.2\nontology:\n  domain: x\n---\n\nText.\n"


def text_edit(old: str, new: str) -> Replacement:
    at = LINKS.index(old)
    return Replacement(Span(at, at + len(old)), new)


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        (InsertKey(("aliases",), "[]"), InsertKey(("summary",), "ä"), True),
        (InsertKey(("aliases",), "[]"), InsertKey(("aliases",), "[a]"), False),
        (InsertKey(("lifecycle", "status"), "draft"), InsertKey(("lifecycle", "version"), "1"), False),
        (InsertKey(("lifecycle",), "{}"), InsertKey(("lifecycle", "version"), "1"), False),
        (InsertKey(("lifecycle", "version"), "1"), InsertKey(("lifecycle",), "{}"), False),
        (InsertItem(("relationships", "requires"), "b", 0.5), InsertItem(("relationships", "tools"), "d", 0.5), True),
        (InsertItem(ENABLES, "b", 0.5), InsertItem(ENABLES, "d", 0.5), True),
        (InsertItem(ENABLES, "b", 0.5), InsertItem(ENABLES, "d", 0.1), True),
        (InsertItem(ENABLES, "b", 0.1), InsertKey(("ontology", "search_hints"), "{}"), True),
        (InsertItem(("related",), "b", 0.5), InsertKey(("related",), "[]"), False),
        (text_edit("    - slug: c\n      weight", "  - slug: c\n    weight"), InsertItem(ENABLES, "b", 0.5), False),
        (text_edit("0.2", "0.3"), InsertItem(ENABLES, "b", 0.1), False),
        (text_edit("enables:", "requires:"), InsertItem(ENABLES, "b", 0.1), False),
        (text_edit("pat_a", "pat_b"), InsertItem(ENABLES, "b", 0.1), True),
        (text_edit("Text", "Worte"), InsertItem(ENABLES, "b", 0.1), True),
        (text_edit("domain: x", "domain: y"), InsertItem(ENABLES, "b", 0.1), True),
        (text_edit("domain: x", "domain: y"), InsertKey(("ontology", "search_hints"), "{}"), False),
        (text_edit("  domain", "    domain"), InsertKey(("ontology", "search_hints"), "{}"), False),
        (text_edit("domain", "sector"), InsertKey(("aliases",), "[]"), True),
        (text_edit("pat_a\n", "pat_b\n"), InsertKey(("aliases",), "[]"), False),
        (text_edit("Te", "te"), text_edit("xt", "XT"), False),
        (text_edit("Te", "te"), text_edit("t.", "T!"), True),
    ],
)
def test_which_two_fixes_go_together(first: Edit, second: Edit, both: bool) -> None:  # noqa: FBT001 - what is expected
    found = [finding(Fix("do it", Safety.UNSAFE, (edit,)), at=at) for at, edit in enumerate((first, second))]
    outcome = apply_fixes({"a.md": read(LINKS)}, found)
    assert [one.span.start for one in outcome.applied] == ([0, 1] if both else [0])
    pattern = read(outcome.texts["a.md"]).pattern
    assert pattern is not None


@pytest.mark.parametrize(
    ("text", "after"),
    [
        (
            "---\nid: pat_a\nontology:\n  domain: x\n---\n",
            "---\nid: pat_a\nontology:\n  domain: x\nrelationships:\n  enables:\n    - slug: d\n      weight: 0.7\n    - slug: b\n      weight: 0.5\n---\n",
        ),
        (
            "---\nid: pat_a\nsources:\n- x\nontology:\n  domain: x\n---\n",
            "---\nid: pat_a\nsources:\n- x\nontology:\n  domain: x\nrelationships:\n  enables:\n  - slug: d\n    weight: 0.7\n  - slug: b\n    weight: 0.5\n---\n",
        ),
        (
            "---\nid: pat_a\nrelationships: {}\n---\n",
            "---\nid: pat_a\nrelationships: {enables: [{slug: d, weight: 0.7}, {slug: b, weight: 0.5}]}\n---\n",
        ),
        (
            "---\nid: pat_a\nrelationships: {requires: [{ weight: 1, slug: 'c' }]}\n---\n",
            "---\nid: pat_a\nrelationships: {requires: [{ weight: 1, slug: 'c' }], enables: [{slug: d, weight: 0.7}, {slug: b, weight: 0.5}]}\n---\n",
        ),
        (
            "---\nid: pat_a\nrelationships: {enables: [], requires: null}\n---\n",
            "---\nid: pat_a\nrelationships: {enables: [{slug: d, weight: 0.7}, {slug: b, weight: 0.5}], requires: null}\n---\n",
        ),
    ],
)
def test_a_list_that_is_missing_is_written_like_the_others(text: str, after: str) -> None:
    edits = (InsertItem(ENABLES, "b", 0.5), InsertItem(ENABLES, "d", 0.7))
    assert apply_fixes({"a.md": read(text)}, [finding(Fix("do it", Safety.UNSAFE, edits))]).texts == {"a.md": after}


@pytest.mark.parametrize(
    ("before", "route", "after"),
    [
        ("ontology: {}", ("lifecycle", "status"), "id: pat_a\nontology: {}\nlifecycle:\n  status: neu"),
        ("lifecycle:", ("lifecycle", "status"), "id: pat_a\nlifecycle:\n  status: neu"),
        ("lifecycle: # ä", ("lifecycle", "status"), "id: pat_a\nlifecycle: # ä\n  status: neu"),
        ("lifecycle: ~  # ä", ("lifecycle", "status"), "id: pat_a\nlifecycle:  # ä\n  status: neu"),
        ("lifecycle: {}", ("lifecycle", "status"), "id: pat_a\nlifecycle: {status: neu}"),
        ("lifecycle: {version: 1}", ("lifecycle", "status"), "id: pat_a\nlifecycle: {version: 1, status: neu}"),
        ("lifecycle: &x\n  version: 1", ("lifecycle", "status"), None),
        ("lifecycle: text", ("lifecycle", "status"), None),
        ("lifecycle: [a]", ("lifecycle", "status"), None),
        (
            "lifecycle:\n    # zu v\n    version: 1\n    # Ende",
            ("lifecycle", "status"),
            "id: pat_a\nlifecycle:\n    status: neu\n    # zu v\n    version: 1\n    # Ende",
        ),
        ("lifecycle:\n  status: x", ("lifecycle", "status"), None),
        (
            "lifecycle:\n  confidence: 1\n  version: 2",
            ("lifecycle", "status"),
            "id: pat_a\nlifecycle:\n  confidence: 1\n  status: neu\n  version: 2",
        ),
        ("ontology: {a: }", ("ontology", "a", "b"), None),
        ("sources: [a]", ("sources", 0), None),
        ("lifecycle: {\n  version: 1}", ("lifecycle", "status"), "id: pat_a\nlifecycle: {\n  version: 1, status: neu}"),
        (
            "lifecycle:\n  version: {}",
            ("lifecycle", "version", "x", "y"),
            "id: pat_a\nlifecycle:\n  version: {x: {y: neu}}",
        ),
        ("# zu o\nontology: {}\nlicense: x", ("slug",), "id: pat_a\nslug: neu\n# zu o\nontology: {}\nlicense: x"),
        ("license: x\nunbekannt: y", ("auch-unbekannt",), "id: pat_a\nlicense: x\nauch-unbekannt: neu\nunbekannt: y"),
    ],
)
def test_where_a_key_is_added(before: str, route: tuple[str | int, ...], after: str | None) -> None:
    text = f"---\nid: pat_a\n{before}\n---\n"
    lowered = lower([InsertKey(route, "neu")], read(text))
    assert (lowered and apply_edits(text, lowered)) == (after and f"---\n{after}\n---\n")
