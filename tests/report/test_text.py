from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from io import BytesIO, StringIO, TextIOWrapper

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot
from msgspec.structs import replace
from rich.cells import cell_len

from patternlint.diagnostics.diagnostic import Diagnostic, Label
from patternlint.diagnostics.fix import Fix, Safety
from patternlint.diagnostics.severity import Severity
from patternlint.diagnostics.statistics import RuleStatistics, RunStatistics
from patternlint.report import write_report
from patternlint.report.cells import cells
from patternlint.report.color import painter
from patternlint.report.model import RenderOptions, Report
from patternlint.report.statistics import write_text
from patternlint.report.summary import summary_text
from patternlint.source import WHOLE_FILE, Region, Source, Span
from tests.support.libraries import BREAD
from tests.support.reports import statistics_of

Lint = Callable[..., Report]
MARK = re.compile("[«»]")
PLAIN = painter(color=False)


def places(path: str, marked: str) -> tuple[Source, list[Span]]:
    """Return a file without its marks «», and what they are around."""
    spans: list[Span] = []
    starts: list[int] = []
    for count, match in enumerate(MARK.finditer(marked)):
        if match[0] == "«":
            starts.append(match.start() - count)
        else:
            spans.append(Span(starts.pop(), match.start() - count))
    return Source(path, MARK.sub("", marked).encode()), spans


def show(  # noqa: PLR0913 - the parts of a finding
    files: Mapping[str, str],
    message: str = "something is wrong",
    *labels: str,
    help: str = "",  # noqa: A002 - the field's name
    fix: Fix | None = None,
    severity: Severity = Severity.ERROR,
    style: RenderOptions | None = None,
    beside: str = "",
) -> str:
    """Return how a finding is shown: the first mark of the first file is its place, the other marks its labels."""
    sources: dict[str, Source] = {}
    regions: list[tuple[str, Region]] = []
    for path, marked in files.items():
        sources[path], spans = places(path, marked)
        regions += [(path, sources[path].region(span)) for span in spans]
    (path, region), *others = regions
    labels_of_finding = [Label(text, where, at) for text, (at, where) in zip(labels, others, strict=True)]
    if beside:
        labels_of_finding.append(Label(beside, region))
    finding = Diagnostic(
        path, "some-rule", severity, message, region=region, labels=tuple(labels_of_finding), help=help, fix=fix
    )
    return text_of([finding], sources, style)


def text_of(findings: list[Diagnostic], sources: Mapping[str, Source], style: RenderOptions | None = None) -> str:
    out = StringIO()
    report = Report(findings, RunStatistics(), source=sources.get)
    write_report("text", report, out, style or RenderOptions(quiet=True))
    return out.getvalue()


FRONT = """\
---
title: "Coalition Politics"
relationships:
  requires:
    - slug: «active-listening-dept»
---
"""


def test_the_look() -> None:
    shown = show(
        {"patterns/coalition-politics.md": FRONT},
        "no pattern has the slug `active-listening-dept`",
        help="did you mean `active-listening-depth` (Active Listening Depth)?",
        fix=Fix("replace it", Safety.UNSAFE, ()),
        beside="not in this library",
    )
    assert shown == snapshot("""\
error[some-rule]: no pattern has the slug `active-listening-dept`
  ┌─ patterns/coalition-politics.md:5:13
  │
4 │   requires:
5 │     - slug: active-listening-dept
  │             ^^^^^^^^^^^^^^^^^^^^^ not in this library
  │
  = help: did you mean `active-listening-depth` (Active Listening Depth)?
  = fix:  replace it (--fix --unsafe-fixes)

""")


def test_without_advice() -> None:
    assert show({"a.md": FRONT}) == snapshot("""\
error[some-rule]: something is wrong
  ┌─ a.md:5:13
  │
4 │   requires:
5 │     - slug: active-listening-dept
  │             ^^^^^^^^^^^^^^^^^^^^^

""")


def test_line_numbers_are_aligned() -> None:
    text = "---\n" + "key: 1\n" * 6 + "first: «a»\nx: 1\nlast: «b»\n"
    assert show({"a.md": text}, "twice", "again here") == snapshot("""\
error[some-rule]: twice
   ┌─ a.md:8:8
   │
 7 │ key: 1
 8 │ first: a
   │        ^
 9 │ x: 1
10 │ last: b
   │       - again here

""")


def test_wide_characters() -> None:
    assert show({"a.md": "title: 日本«語の»パターン\n"}) == snapshot("""\
error[some-rule]: something is wrong
  ┌─ a.md:1:10
  │
1 │ title: 日本語のパターン
  │            ^^^^

""")


def test_emoji_and_combining_characters() -> None:
    assert show({"a.md": "title: 👩‍👩‍👧 e\u0301te\u0301 👍🏽 «ici» ❤️\n"}) == snapshot("""\
error[some-rule]: something is wrong
  ┌─ a.md:1:23
  │
1 │ title: 👩\u200d👩\u200d👧 été 👍🏽 ici ❤️
  │                  ^^^

""")


def test_a_combining_character_alone() -> None:
    assert show({"a.md": "title: e«\u0301»te\n"}) == snapshot("""\
error[some-rule]: something is wrong
  ┌─ a.md:1:9
  │
1 │ title: éte
  │        ^

""")


def test_tabs() -> None:
    assert show({"a.md": "a\tb:\t«c\td»\n"}) == snapshot("""\
error[some-rule]: something is wrong
  ┌─ a.md:1:6
  │
1 │ a   b:  c   d
  │         ^^^^^

""")


def test_carriage_returns() -> None:
    assert show({"a.md": "title: x\r\nslug: «y»\r\n"}) == snapshot("""\
error[some-rule]: something is wrong
  ┌─ a.md:2:7
  │
1 │ title: x
2 │ slug: y
  │       ^

""")


def test_a_mark_on_a_line_ending() -> None:
    assert show({"a.md": "title: x«\r\n»slug: y\r\n"}) == snapshot("""\
error[some-rule]: something is wrong
  ┌─ a.md:1:9
  │
1 │ title: x
  │         ^

""")


def test_control_characters() -> None:
    text = "title: \x1b[31mred «\x07\u202e\x9b»\x00 b\u2028c\n"
    assert show({"a.md": text}, "a \x1b[2J message\nof two lines", help="h\u202elp\x08") == snapshot("""\
error[some-rule]: a \\x1b[2J message\\nof two lines
  ┌─ a.md:1:17
  │
1 │ title: \\x1b[31mred \\x07\\u202e\\x9b\\x00 b\\u2028c
  │                    ^^^^^^^^^^^^^^
  │
  = help: h\\u202elp\\x08

""")


def test_an_empty_place() -> None:
    assert show({"a.md": "title:«»\n"}) == snapshot("""\
error[some-rule]: something is wrong
  ┌─ a.md:1:7
  │
1 │ title:
  │       ^

""")


def test_an_empty_place_at_the_end() -> None:
    assert show({"a.md": "title: x\n«»"}) == snapshot("""\
error[some-rule]: something is wrong
  ┌─ a.md:2:1
  │
1 │ title: x
2 │
  │ ^

""")


def test_several_lines() -> None:
    assert show({"a.md": "summary: «>-\n  one\n  two\n  three\n  four\n»tags: []\n"}, beside="too long") == snapshot("""\
error[some-rule]: something is wrong
  ┌─ a.md:1:10
  │
1 │ summary: >-
  │          ^^
… │
5 │   four
  │   ^^^^ too long

""")


def test_two_lines_that_touch() -> None:
    assert show({"a.md": "summary: «>-\n  one»\n"}) == snapshot("""\
error[some-rule]: something is wrong
  ┌─ a.md:1:10
  │
1 │ summary: >-
  │          ^^
2 │   one
  │   ^^^

""")


def test_labels_on_one_line() -> None:
    text = "- {slug: «one», weight: «2», «type»: x}\n"
    assert show({"a.md": text}, "m", "the weight", "the type", beside="the slug") == snapshot("""\
error[some-rule]: m
  ┌─ a.md:1:10
  │
1 │ - {slug: one, weight: 2, type: x}
  │          ^^^          -  ---- the type
  │          │            │
  │          │            the weight
  │          the slug

""")


def test_labels_that_overlap() -> None:
    assert show({"a.md": "- {slug: «one», «weight: «2»»}\n"}, "m", "the weight", "the pair") == snapshot("""\
error[some-rule]: m
  ┌─ a.md:1:10
  │
1 │ - {slug: one, weight: 2}
  │          ^^^  --------- the weight
  │               │
  │               the pair

""")


def test_a_label_above() -> None:
    text = "  enables:\n    - slug: a\n    - slug: b\n  requires:\n    - slug: «a»\n"
    source, (span,) = places("a.md", text)
    first = Label("first here", Region(2, 13, 2, 14))
    finding = Diagnostic(
        "a.md", "type-conflict", Severity.WARNING, "twice", region=source.region(span), labels=(first,)
    )
    assert text_of([finding], {"a.md": source}) == snapshot("""\
warning[type-conflict]: twice
  ┌─ a.md:5:13
  │
1 │   enables:
2 │     - slug: a
  │             - first here
… │
5 │     - slug: a
  │             ^

""")


def test_labels_in_other_files() -> None:
    files = {
        "b/one.md": "---\nslug: «same»\n",
        "b/two.md": "---\nid: x\nslug: «same»\n",
        "c/three.md": "«»---\nslug: x\n",
    }
    assert show(files, "two patterns", "here too", "a whole file", help="rename one") == snapshot("""\
error[some-rule]: two patterns
  ┌─ b/one.md:2:7
  │
1 │ ---
2 │ slug: same
  │       ^^^^
  │
  ┌─ b/two.md:3:7
  │
2 │ id: x
3 │ slug: same
  │       ---- here too
  │
  ┌─ c/three.md: a whole file
  = help: rename one

""")


def test_a_label_in_a_deleted_file() -> None:
    source, (span,) = places("a.md", "slug: «x»\n")
    labels = (Label("was deleted", WHOLE_FILE, "gone.md"), Label("was here", Region(3, 4, 3, 5), "gone.md"))
    finding = Diagnostic("a.md", "r", Severity.ERROR, "m", region=source.region(span), labels=labels, help="h")
    assert text_of([finding], {"a.md": source}) == snapshot("""\
error[r]: m
  ┌─ a.md:1:7
  │
1 │ slug: x
  │       ^
  │
  ┌─ gone.md: was deleted
  ┌─ gone.md:3:4: was here
  = help: h

""")


def test_a_deleted_file() -> None:
    finding = Diagnostic("a.md", "r", Severity.ERROR, "m", region=Region(7, 3, 7, 9), help="h")
    assert text_of([finding], {}) == snapshot("""\
error[r]: m
  ┌─ a.md:7:3
  = help: h

""")


def test_a_file_that_became_shorter() -> None:
    finding = Diagnostic("a.md", "r", Severity.ERROR, "m", region=Region(7, 3, 7, 9))
    short = {"a.md": Source("a.md", b"one\n")}
    assert text_of([finding], short) == text_of([finding], {})


def test_a_line_that_became_shorter() -> None:
    finding = Diagnostic("a.md", "r", Severity.ERROR, "m", region=Region(1, 30, 1, 39))
    assert text_of([finding], {"a.md": Source("a.md", b"one\n")}) == snapshot("""\
error[r]: m
  ┌─ a.md:1:30
  │
1 │ one
  │    ^

""")


def test_the_file_as_a_whole() -> None:
    assert show({"a.md": "«»---\ntitle: x\n"}, "the key `id` is missing", help="add it") == snapshot("""\
error[some-rule]: the key `id` is missing
  ┌─ a.md
  = help: add it

""")


def test_many_labels() -> None:
    files = {"a.md": "«»x\n", **{f"{number:02}.md": "«»x\n" for number in range(12)}}
    assert show(files, "m", *(["here"] * 12)) == snapshot("""\
error[some-rule]: m
  ┌─ a.md
  ┌─ 00.md: here
  ┌─ 01.md: here
  ┌─ 02.md: here
  ┌─ 03.md: here
  ┌─ 04.md: here
  ┌─ 05.md: here
  ┌─ 06.md: here
  ┌─ 07.md: here
  … and 4 more places

""")


def test_a_long_line() -> None:
    text = "| " + "cell | " * 3000 + "«needle» | " + "cell | " * 2000 + "\n"
    assert show({"a.md": text}, style=RenderOptions(quiet=True, width=80), beside="here") == snapshot("""\
error[some-rule]: something is wrong
  ┌─ a.md:1:21003
  │
1 │ …ell | cell | cell | cell | cell | needle | cell | cell | cell | cell | cel…
  │                                    ^^^^^^ here

""")


def test_a_long_line_marked_at_its_start_and_its_end() -> None:
    assert show(
        {"a.md": "«a»" + "bc" * 18_000 + "«d»\n"}, "m", "the end", style=RenderOptions(quiet=True, width=60)
    ) == snapshot("""\
error[some-rule]: m
  ┌─ a.md:1:1
  │
1 │ abcbcbcbcbcbcbcbcbcbcbcbcbcbcbcbcbcbcbcbcbcbcbcbcbcbcb…
  │ ^                                                     - the end

""")


def test_a_long_line_that_is_marked_as_a_whole() -> None:
    assert show({"a.md": "«" + "word " * 100 + "»\n"}, style=RenderOptions(quiet=True, width=60)) == snapshot("""\
error[some-rule]: something is wrong
  ┌─ a.md:1:1
  │
1 │ word word word word word word word word word word word…
  │ ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

""")


def test_a_long_line_of_wide_characters() -> None:
    text = "日本" * 60 + "«語»" + "日本" * 60 + "\n"
    assert show({"a.md": text}, style=RenderOptions(quiet=True, width=60)) == snapshot("""\
error[some-rule]: something is wrong
  ┌─ a.md:1:121
  │
1 │ …本日本日本日本日本日本日本語日本日本日本日本日本日本日…
  │                            ^^

""")


def test_a_long_line_before() -> None:
    assert show({"a.md": "word " * 8000 + "\nslug: «x»\n"}, style=RenderOptions(quiet=True, width=60)) == snapshot("""\
error[some-rule]: something is wrong
  ┌─ a.md:2:7
  │
1 │ word word word word word word word word word word word…
2 │ slug: x
  │       ^

""")


def test_long_advice_is_wrapped() -> None:
    shown = show(
        {"a.md": "slug: «x»\n"},
        help="choose one of `generalizes_from`, `specializes_to`, `enables`, `requires`, `alternatives`",
        fix=Fix("write `generalizes_from` in the place of the key that nobody knows", Safety.SAFE, ()),
        style=RenderOptions(quiet=True, width=60),
    )
    assert shown == snapshot("""\
error[some-rule]: something is wrong
  ┌─ a.md:1:7
  │
1 │ slug: x
  │       ^
  │
  = help: choose one of `generalizes_from`,
          `specializes_to`, `enables`, `requires`,
          `alternatives`
  = fix:  write `generalizes_from` in the place of the key
          that nobody knows (--fix)

""")


def test_colors() -> None:
    shown = show({"a.md": "slug: «x» «y»\n"}, "m", "second", help="h", style=RenderOptions(quiet=True, color=True))
    assert shown == snapshot("""\
\x1b[1;31merror[some-rule]\x1b[0m\x1b[1m: m\x1b[0m
  \x1b[34m┌─\x1b[0m a.md:1:7
\x1b[34m  │\x1b[0m
\x1b[34m1 │\x1b[0m slug: x y
\x1b[34m  │\x1b[0m       \x1b[1;31m^\x1b[0m \x1b[36m-\x1b[0m \x1b[36msecond\x1b[0m
\x1b[34m  │\x1b[0m
  \x1b[34m=\x1b[0m help: h

""")
    plain = show({"a.md": "slug: «x» «y»\n"}, "m", "second", help="h", style=RenderOptions(quiet=True))
    assert re.sub(r"\x1b\[[0-9;]*m", "", shown) == plain


def test_a_terminal_without_unicode() -> None:
    data = BytesIO()
    out = TextIOWrapper(data, encoding="ascii")
    source, (span,) = places("é.md", "ttl: ü\nslug: «日本» " + "x " * 100 + "\n")
    finding = Diagnostic("é.md", "r", Severity.ERROR, "“m”", region=source.region(span))
    write_report(
        "text",
        Report([finding], RunStatistics(), source={"é.md": source}.get),
        out,
        RenderOptions(quiet=True, width=60),
    )
    out.flush()
    assert data.getvalue().decode("ascii") == snapshot("""\
error[r]: \\u201cm\\u201d
  --> \\xe9.md:2:7
  |
1 | ttl: \\xfc
2 | slug: \\u65e5\\u672c x x x x x x x x x x x x x x x x...
  |       ^^^^^^^^^^^^

""")


def test_findings_beyond_the_limit_are_counted() -> None:
    source, (span,) = places("a.md", "slug: «x»\n")
    finding = Diagnostic("a.md", "confidence-mismatch", Severity.WARNING, "m", region=source.region(span))
    other = Diagnostic("a.md", "other-rule", Severity.INFO, "m")
    shown = text_of([finding] * 2000 + [other] * 4, {"a.md": source}, RenderOptions(quiet=True, max_per_rule=1))
    assert shown == snapshot("""\
warning[confidence-mismatch]: m
  ┌─ a.md:1:7
  │
1 │ slug: x
  │       ^

info[other-rule]: m
  ┌─ a.md

… and 1,999 more confidence-mismatch: --show-all
… and 3 more other-rule: --show-all

""")
    assert "more" not in text_of([finding] * 20, {"a.md": source}, RenderOptions(quiet=True, max_per_rule=20))


SUMMARY = RunStatistics(
    files=3616,
    patterns={"7.1": 2074, "1.3": 1530, "unknown": 2},
    skipped=10,
    findings={Severity.ERROR: 1, Severity.WARNING: 21033, Severity.INFO: 30},
    silenced=3,
    known=1200,
    fixed=7,
    fixable={Safety.SAFE: 12, Safety.UNSAFE: 30},
)


def test_the_summary() -> None:
    report = Report((), SUMMARY, notes=("library rules are off: no config", "a note with \x1b"))
    assert summary_text(report, PLAIN) == snapshot("""\
3,616 files: 3,606 patterns (2,074 of spec 7.1, 1,530 of spec 1.3, 2 of no known spec), 10 skipped
21,064 findings: 1 error, 21,033 warnings, 30 info (3 silenced, 1,200 known before)
fixed 7 findings
12 fixable with --fix, 30 more with --fix --unsafe-fixes
library rules are off: no config
a note with \\x1b
""")


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        (
            RunStatistics(files=1, patterns={"7.1": 1}),
            snapshot("""\
1 file: 1 pattern of spec 7.1
no findings
"""),
        ),
        (
            RunStatistics(files=2, skipped=2),
            snapshot("""\
2 files: 0 patterns, 2 skipped
no findings
"""),
        ),
        (
            RunStatistics(files=1, patterns={"8.2": 1}, findings={Severity.ERROR: 1}, fixable={Safety.SAFE: 1}),
            snapshot("""\
1 file: 1 pattern of spec 8.2
1 finding: 1 error
1 fixable with --fix
"""),
        ),
        (
            RunStatistics(
                files=1, patterns={"8.2": 1}, findings={Severity.INFO: 2}, fixable={Safety.UNSAFE: 1}, silenced=1
            ),
            snapshot("""\
1 file: 1 pattern of spec 8.2
2 findings: 2 info (1 silenced)
1 fixable with --fix --unsafe-fixes
"""),
        ),
    ],
)
def test_small_summaries(summary: RunStatistics, expected: str) -> None:
    assert summary_text(Report((), summary), PLAIN) == expected


def test_statistics() -> None:
    counts = (
        RuleStatistics("score-precision", Severity.INFO, 12, 12),
        RuleStatistics("confidence-mismatch", Severity.WARNING, 1967, 1960),
        RuleStatistics("dangling-target", Severity.ERROR, 1967, 400),
    )
    out = StringIO()
    write_text(Report((), replace(SUMMARY, rules=counts), notes=("a note",)), out, RenderOptions())
    assert out.getvalue() == snapshot("""\
rule                 level    findings  files
confidence-mismatch  warning     1,967  1,960
dangling-target      error       1,967    400
score-precision      info           12     12

3,616 files: 3,606 patterns (2,074 of spec 7.1, 1,530 of spec 1.3, 2 of no known spec), 10 skipped
21,064 findings: 1 error, 21,033 warnings, 30 info (3 silenced, 1,200 known before)
fixed 7 findings
12 fixable with --fix, 30 more with --fix --unsafe-fixes
a note
""")


def test_statistics_of_nothing() -> None:
    out = StringIO()
    write_text(Report((), RunStatistics(files=1, patterns={"7.1": 1})), out, RenderOptions())
    assert out.getvalue() == snapshot("""\
1 file: 1 pattern of spec 7.1
no findings
""")


def test_findings_are_counted_by_rule() -> None:
    findings = [
        Diagnostic("a", "x", Severity.INFO, "m"),
        Diagnostic("a", "x", Severity.INFO, "m"),
        Diagnostic("a", "y", Severity.ERROR, "m"),
        Diagnostic("b", "x", Severity.INFO, "m"),
    ]
    assert statistics_of(findings).rules == (
        RuleStatistics("x", Severity.INFO, 3, 2),
        RuleStatistics("y", Severity.ERROR, 1, 1),
    )


FILES = {
    "bread.md": f"""\
{BREAD}---
""",
    "long-table.md": '---\nid: pat_table\nslug: long-table\ntitle: "Long Table"\nontology:\n  domain: gärten\n---\n',
}


def test_findings_of_real_rules(lint: Lint) -> None:
    out = StringIO()
    write_report("text", lint(FILES, "overall-score-mean", "dangling-target"), out, RenderOptions())
    assert out.getvalue() == snapshot("""\
warning[overall-score-mean]: overall score is 4.5, but the mean of the 8 scores is 3.525
   ┌─ bread.md:16:20
   │
15 │     vitality: 3.7
16 │     overall_score: 4.5
   │                    ^^^
   │
   = help: write `overall_score: 3.5`, or correct the score that is wrong
   = fix:  replace `4.5` with `3.5` (--fix)

error[dangling-target]: no pattern has the slug `long-tabel`
   ┌─ bread.md:19:13
   │
18 │   enables:
19 │     - slug: long-tabel
   │             ^^^^^^^^^^
   │
   = help: did you mean `long-table` (Long Table)?
   = fix:  replace `long-tabel` with `long-table` (--fix --unsafe-fixes)

2 files: 2 patterns of spec 7.1
2 findings: 1 error, 1 warning
1 fixable with --fix, 1 more with --fix --unsafe-fixes
""")


def test_concise(lint: Lint) -> None:
    out = StringIO()
    write_report("concise", lint(FILES, "overall-score-mean", "dangling-target"), out, RenderOptions())
    assert out.getvalue() == snapshot("""\
bread.md:16:20: warning [overall-score-mean] overall score is 4.5, but the mean of the 8 scores is 3.525
bread.md:19:13: error [dangling-target] no pattern has the slug `long-tabel`

2 files: 2 patterns of spec 7.1
2 findings: 1 error, 1 warning
1 fixable with --fix, 1 more with --fix --unsafe-fixes
""")
    quiet = StringIO()
    write_report("concise", lint(FILES, "overall-score-mean"), quiet, RenderOptions(quiet=True))
    assert quiet.getvalue() == out.getvalue().splitlines(keepends=True)[0]


NAMES = st.text(st.characters(), min_size=1, max_size=30)
TEXTS = st.text(st.characters() | st.sampled_from("\t\n\r\x1b«日👩\u200d\ufe0f\u0301\u202e 'ab"), max_size=200)


@st.composite
def findings(draw: st.DrawFn) -> tuple[Diagnostic, dict[str, Source]]:
    path, other = draw(NAMES), draw(NAMES)
    sources = {name: Source(name, draw(TEXTS).encode("utf-8", "surrogatepass")) for name in (other, path)}
    labels = tuple(
        Label(draw(TEXTS), region(draw, sources[name]), name)
        for name in draw(st.lists(st.sampled_from([path, other]), max_size=4))
    )
    finding = Diagnostic(
        path,
        draw(NAMES),
        draw(st.sampled_from([Severity.INFO, Severity.WARNING, Severity.ERROR])),
        draw(TEXTS),
        region=region(draw, sources[path]),
        labels=labels,
        help=draw(TEXTS),
        fix=draw(st.none() | st.just(Fix(draw(TEXTS), Safety.SAFE, ()))),
    )
    return finding, draw(st.sampled_from([sources, {}]))


def region(draw: st.DrawFn, source: Source) -> Region:
    start, end = sorted(draw(st.tuples(*[st.integers(0, len(source.text))] * 2)))
    return source.region(Span(start, end))


BIDI = frozenset(("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"))


def harmful(text: str) -> list[str]:
    return [
        one
        for one in text.replace("\n", "")
        if unicodedata.category(one) in ("Cc", "Zl", "Zp", "Cs") or unicodedata.bidirectional(one) in BIDI
    ]


@given(findings(), st.integers(0, 120), st.sampled_from(["text", "concise"]))
def test_anything_is_shown_harmlessly(found: tuple[Diagnostic, dict[str, Source]], width: int, name: str) -> None:
    finding, sources = found
    out = StringIO()
    write_report(
        name, Report([finding], RunStatistics(), source=sources.get), out, RenderOptions(quiet=True, width=width)
    )
    assert harmful(out.getvalue()) == []
    if name == "concise":
        assert out.getvalue().count("\n") == 1


@given(findings())
def test_lines_keep_to_the_width(found: tuple[Diagnostic, dict[str, Source]]) -> None:
    finding, sources = found
    out = StringIO()
    write_report(
        "text", Report([finding], RunStatistics(), source=sources.get), out, RenderOptions(quiet=True, width=60)
    )
    for line in out.getvalue().splitlines():
        if re.match(r" *\d+ │ ", line):
            assert cell_len(line) <= 60 + 2, line


@given(TEXTS.filter(lambda text: "\n" not in text))
def test_cells_add_up(text: str) -> None:
    line = cells(text)
    assert len(line.starts) == len(line.offsets) == len(text) + 1
    assert list(line.starts) == sorted(line.starts)
    assert line.offsets[-1] == len(line.text)
    assert all(line.starts[at] <= cell_len(line.text[: line.offsets[at]]) for at in range(len(text) + 1))
