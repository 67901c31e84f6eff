"""Which findings a suppression silences, by a slow definition beside the fast one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.severity import Severity
from patternlint.linter.suppressions import SuppressionUse, apply_suppressions
from patternlint.parser.suppressions import Suppression, find_suppressions
from patternlint.source import Region, Source, Span

GROUPS = {"body": ("therefore", "todo"), "file": ("encoding",), "todo": ("todo",)}
NAMES = ("therefore", "todo", "encoding", "body", "file", "unknown", "")
NOWHERE = Span(0, 0)


def suppression(rules: tuple[str, ...], lines: tuple[int, int]) -> Suppression:
    return Suppression(rules, lines, "", NOWHERE, (NOWHERE,) * len(rules), (), lines[0], in_body=True, removal=NOWHERE)


def finding(rule: str, line: int) -> Diagnostic:
    return Diagnostic("a.md", rule, Severity.INFO, "message", region=Region(line, 1, line, 2))


@st.composite
def draw_suppressions(draw: st.DrawFn) -> list[Suppression]:
    """Return suppressions in the order of the text, some of the whole file, some that reach over others."""
    firsts = sorted(draw(st.lists(st.integers(1, 9), max_size=6)))
    return [
        suppression(
            tuple(draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3))),
            draw(st.sampled_from([(0, 0), (first, first), (first, first + 1), (first, first + 5)])),
        )
        for first in firsts
    ]


@given(draw_suppressions(), st.lists(st.tuples(st.sampled_from(NAMES[:4]), st.integers(1, 12))))
def test_a_finding_is_silenced_by_every_suppression_of_its_line_that_names_it(
    generated_suppressions: list[Suppression], places: list[tuple[str, int]]
) -> None:
    findings = [finding(rule, line) for rule, line in places]

    def uses(one: Diagnostic) -> set[SuppressionUse]:
        return {
            (index, place)
            for index, each in enumerate(generated_suppressions)
            for place, name in enumerate(each.rules)
            if each.lines[1] == 0 or each.lines[0] <= one.region.line <= each.lines[1]
            if name == one.rule or one.rule in GROUPS.get(name, ())
        }

    kept, silenced, used = apply_suppressions(findings, generated_suppressions, GROUPS)
    assert kept == [one for one in findings if not uses(one)]
    assert silenced == [one for one in findings if uses(one)]
    assert used == frozenset[SuppressionUse]().union(*map(uses, findings))


LINES = st.sampled_from(
    (
        "ä",
        "",
        " ",
        "<!-- patternlint: ignore[a] -->",
        "ä <!-- patternlint: ignore[a] -->",
        "<!-- note -->",
        "# patternlint: ignore[a]",
    )
)


@given(st.lists(LINES, max_size=12), st.lists(LINES, max_size=12))
def test_a_suppression_on_a_line_of_its_own_reaches_over_blank_lines_and_comments(
    front: list[str], body: list[str]
) -> None:
    lines = [*front, *body, "end"]
    source = Source("a.md", "\n".join(lines).encode())
    for one in find_suppressions(source, sum(len(line) + 1 for line in front), ()):
        at = one.line - 1
        comment = "<!--" if one.in_body else "#"
        if not lines[at].startswith(comment):
            assert one.lines == (one.line, one.line)
            continue
        reach = next(
            number
            for number, line in enumerate(lines[at + 1 :], at + 2)
            if (line.strip() and not line.startswith(comment)) or number == len(lines)
        )
        assert one.lines == (one.line, reach)
