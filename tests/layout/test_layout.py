from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from patternlint.diagnostics.fix import InsertItem, InsertKey
from patternlint.edits.apply import apply_edits
from patternlint.fixer.apply import lower
from patternlint.fixer.fixpoint import FixResult, LintPass, fix_until_stable
from patternlint.linter.linter import Linter
from patternlint.linter.registry import Registry, built_in_rules
from patternlint.linter.selection import select
from patternlint.parser.parser import ParsedFile, parse
from patternlint.source import Source
from patternlint.spec.loader import load_specs
from patternlint.spec.model import Spec
from tests.support.pattern_strategy import comments_of, is_readable, load, patterns
from tests.support.real_files import needs_corpus, real_files, sampled

SPECS = load_specs()
ENGINE = Linter(select(Registry(built_in_rules()), SPECS, chosen=("layout",)))
SPEC = SPECS.by_version["7.1"]
FEW = settings(deadline=None, suppress_health_check=list(HealthCheck))


def read(data: bytes, spec: Spec = SPEC) -> ParsedFile:
    return parse(Source("a.md", data), SPECS, spec=spec, named=True)


def tidy(data: bytes, spec: Spec = SPEC) -> FixResult:
    def look(changed: Mapping[str, bytes]) -> LintPass:
        parsed = read(changed["a.md"], spec)
        return LintPass({"a.md": parsed}, ENGINE.lint_file(parsed).own.findings)

    return fix_until_stable(look({"a.md": data}), look, lambda finding: finding.fix is not None)


def bare_text(data: bytes) -> list[str]:
    """The text after the front matter, without trailing spaces and surrounding blank lines."""
    parsed = read(data)
    assert parsed.pattern is not None
    body = parsed.source.slice(parsed.pattern.body.span).replace("\r\n", "\n")
    return [line.rstrip() for line in body.strip().split("\n")]


@FEW
@given(patterns())
def test_fixing_the_layout_loses_nothing(data: bytes) -> None:
    assume(read(data).pattern is not None and is_readable(data))
    settled = tidy(data)
    assert settled.refused == ()
    fixed = settled.data.get("a.md", data)
    assert load(fixed) == load(data)
    assert comments_of(fixed) == comments_of(data)
    assert bare_text(fixed) == bare_text(data)
    assert fixed.startswith(b"\xef\xbb\xbf") == data.startswith(b"\xef\xbb\xbf")
    if b"\r\n" in data:
        assert fixed.count(b"\n") == fixed.count(b"\r\n")
    else:
        assert b"\r" not in fixed
    assert [finding for finding in settled.last.findings if finding.fix is not None] == []
    assert tidy(fixed).data == {}


@FEW
@given(
    patterns(),
    st.lists(
        st.tuples(
            st.sampled_from(["generalizes_from", "specializes_to", "enables", "requires", "complementary"]),
            st.sampled_from(["a", "b", "n", "12", "x: y"]),
            st.sampled_from([0.95, 0.8, 0.75, 0.1, None]),
        ),
        min_size=1,
        max_size=6,
        unique_by=lambda item: item[:2],
    ),
)
def test_items_are_added_and_nothing_else_changes(data: bytes, insertions: list[tuple[str, str, float | None]]) -> None:
    parsed = read(data)
    assume(parsed.pattern is not None and is_readable(data))
    old = load(data)
    lists = (old.get("relationships") or {}) if isinstance(old, dict) else {}
    # lists that are missing come into being one at a time
    kinds = {kind for kind, _, _ in insertions}
    missing = {kind for kind in kinds if kind not in lists}
    if missing and not lists:
        keep = min(missing)
        insertions = [item for item in insertions if item[0] == keep]
    edits = [InsertItem(("relationships", kind), target, weight) for kind, target, weight in insertions]
    lowered = lower(edits, parsed)
    assert lowered is not None
    fixed = apply_edits(parsed.source.text, lowered).encode()
    new = load(fixed)
    for kind in {*lists, *(kind for kind, _, _ in insertions)}:
        before = lists.get(kind) or []
        after = new["relationships"][kind] or []
        added = [item for item in after if item not in before]
        assert [item for item in after if item in before] == before
        assert Counter((item["slug"], item.get("weight")) for item in added) == Counter(
            (target, weight) for name, target, weight in insertions if name == kind
        )
    without = {key: value for key, value in new.items() if key != "relationships"}
    assert without == {key: value for key, value in old.items() if key != "relationships"}
    assert comments_of(fixed) == comments_of(data)


@FEW
@given(
    patterns(),
    st.sampled_from(
        [("aliases",), ("license",), ("relationships", "tools"), ("ontology", "domain"), ("lifecycle", "status")]
    ),
)
def test_a_key_is_added_and_nothing_else_changes(data: bytes, route: tuple[str, ...]) -> None:
    parsed = read(data)
    assume(parsed.pattern is not None and is_readable(data) and parsed.pattern.get(*route) is None)
    lowered = lower([InsertKey(route, '"x"')], parsed)
    assert lowered is not None
    fixed = apply_edits(parsed.source.text, lowered).encode()
    new, old = load(fixed), load(data)
    inner = new
    for step in route[:-1]:
        inner = inner[step]
    assert inner.pop(route[-1]) == "x"
    if route[:-1] and not old.get(route[0]):
        new.pop(route[0])
        old.pop(route[0], None)
    assert new == old
    assert comments_of(fixed) == comments_of(data)


@needs_corpus
@sampled
def test_real_files_lose_nothing(*, sample: bool) -> None:
    checked = 0
    for path in real_files(sample=sample):
        data = path.read_bytes()
        parsed = parse(Source("a.md", data), SPECS)
        if parsed.pattern is None or parsed.pattern.spec.version not in ("7.1", "8.2"):
            continue
        checked += 1
        settled = tidy(data, parsed.pattern.spec)
        assert settled.refused == (), path
        assert [finding for finding in settled.last.findings if finding.fix is not None] == [], path
        if not settled.data:
            continue
        fixed = settled.data["a.md"]
        assert load(fixed) == load(data), path
        assert comments_of(fixed) == comments_of(data), path
        assert bare_text(fixed) == bare_text(data), path
        assert tidy(fixed, parsed.pattern.spec).data == {}, path
    assert checked > (250 if sample else 2000)
