from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot
from jsonschema import Draft202012Validator
from junitparser import Failure, JUnitXml, TestSuite
from markdown_it import MarkdownIt

from patternlint.diagnostics.diagnostic import Diagnostic, Label
from patternlint.diagnostics.fix import Fix, InsertItem, Replacement, Safety
from patternlint.diagnostics.severity import Severity
from patternlint.diagnostics.statistics import RunStatistics
from patternlint.report import FORMATS, github, junit, markdown, sarif, write_report
from patternlint.report.causes import write_json as write_causes_json
from patternlint.report.model import RenderOptions, Report, RuleHelp
from patternlint.report.statistics import write_json
from patternlint.source import WHOLE_FILE, Region, Source, Span
from tests.support.command import FINDINGS, ROOT, patternlint
from tests.support.libraries import BREAD
from tests.support.reports import statistics_of

Lint = Callable[..., Report]

REPORT_SCHEMA = json.loads((ROOT / "schemas" / "report-1.schema.json").read_text(encoding="utf-8"))
SARIF_SCHEMA = json.loads((ROOT / "tests" / "data" / "sarif-2.1.0.json").read_text(encoding="utf-8"))

FILES = {
    "a/bread.md": f"""\
{BREAD}    - {{title: 日本, slug: nothing-like-it, weight: 0.1}}
---
""",
    "b/long-table.md": '---\nid: pat_table\nslug: long-table\ntitle: "Long Table"\nontology:\n  domain: gärten\n---\n',
    "b/table.md": '---\nid: pat_table\nslug: table\ntitle: "Table"\nontology:\n  domain: gärten\n---\n',
}
RULES = ("overall-score-mean", "dangling-target", "duplicate-id")

NASTY = "a dir/50%, “ü”: 日本\n&<b> [x](y) `c` | @me #1 \\n 'q' \"d\" ?=é\u202e\x1b.md"
"""A file name with everything that some format has to escape."""


@pytest.fixture(scope="module")
def real(lint: Lint) -> Report:
    report = lint(FILES, *RULES)
    assert {finding.rule for finding in report.findings} == set(RULES)
    return report


@pytest.fixture(scope="module")
def nasty() -> Report:
    """Return a report about a file of a terrible name, with a finding of each level, labels, and fixes."""
    source = Source(NASTY, "slug: 日本 x\nb: é y\n".encode())
    other = Source("other.md", b"slug: x\n")
    place, second = Span(6, 8), Span(14, 15)
    fix = Fix("write `y`", Safety.SAFE, (Replacement(second, "y\n"), Replacement(Span(0, 0), "z", "other.md")))
    findings = [
        Diagnostic(NASTY, "p/some-rule", Severity.ERROR, "whole file %0A, ::error:: {0}", help="h [a](1) @you"),
        Diagnostic(
            NASTY,
            "some-rule",
            Severity.WARNING,
            "a | b\r\nc <i>d</i> `e` &amp; \x1b[2J\u202e\x00 ]]> --> www.example.org http://example.org a@b.org",
            place,
            source.region(place),
            ("relationships", "enables", 0, "slug"),
            "x",
            (Label("first [here](x)", source.region(second)), Label("", WHOLE_FILE, "other.md")),
            fix=fix,
        ),
        Diagnostic(
            NASTY,
            "some-rule",
            Severity.INFO,
            "m",
            second,
            source.region(second),
            fix=Fix("add it", Safety.UNSAFE, (InsertItem(("r",), "t", None),)),
        ),
        Diagnostic(
            NASTY,
            "some-rule",
            Severity.INFO,
            "m",
            second,
            source.region(second),
            fix=Fix("z", Safety.UNSAFE, (Replacement(second, "ü"),)),
        ),
    ]
    rules = {
        "some-rule": RuleHelp("some-rule", "What | holds <b>.", "Why.", "# p", Severity.WARNING, "g", "https://e.org/r")
    }
    return Report(
        findings, statistics_of(findings), rules, ("a note, @all <b>",), {NASTY: source, "other.md": other}.get, "0.1.0"
    )


@pytest.fixture(scope="module")
def made() -> Report:
    """Return a small report that no change of a rule's words changes."""
    bread = Source("a/bread.md", "slug: bröd\nenables:\n  - {title: 日本, slug: long-tabel}\n".encode())
    table = Source("b/table.md", b"id: 1\nslug: br\xc3\xb6d\n")
    slug, target = (Span(at := bread.text.index(one), at + len(one)) for one in ("bröd", "long-tabel"))
    findings = [
        Diagnostic(
            "a/bread.md",
            "duplicate-slug",
            Severity.WARNING,
            "the slug `bröd` is also that of another pattern",
            slug,
            bread.region(slug),
            ("slug",),
            labels=(Label("the same slug", Region(2, 7, 2, 11), "b/table.md"),),
        ),
        Diagnostic(
            "a/bread.md",
            "dangling-target",
            Severity.ERROR,
            "no pattern has the slug `long-tabel`",
            target,
            bread.region(target),
            ("enables", 0, "slug"),
            "long-tabel",
            help="did you mean `long-table` (Long Table)?",
            fix=Fix("replace it", Safety.UNSAFE, (Replacement(target, "long-table"),)),
        ),
    ]
    why = "A link that leads nowhere is a promise to the reader that nobody keeps."
    page = "https://example.org/rules/dangling-target"
    rules = [
        RuleHelp("duplicate-slug", "No two patterns have the same slug.", "A slug is an address.", group="identity"),
        RuleHelp("dangling-target", "Every link leads to a pattern.", why, why, Severity.ERROR, "links", page),
    ]
    return Report(
        findings,
        statistics_of(findings, 2),
        {rule.name: rule for rule in rules},
        ("library rules are off: there is no config",),
        {"a/bread.md": bread, "b/table.md": table}.get,
        "0.1.0",
    )


def written(name: str, report: Report, style: RenderOptions | None = None) -> str:
    out = StringIO(newline="")
    write_report(name, report, out, style or RenderOptions())
    return out.getvalue()


def many(levels: Mapping[Severity, int], path: str = "a.md") -> Report:
    findings = [
        Diagnostic(path, f"rule-{level.label}", level, f"number {number}")
        for level, count in levels.items()
        for number in range(count)
    ]
    return Report(findings, statistics_of(findings))


# All of them


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_bytes_every_time(name: str, real: Report) -> None:
    assert written(name, real) == written(name, real)


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_found(name: str) -> None:
    text = written(name, Report((), RunStatistics(files=3, patterns={"7.1": 3})))
    assert text.endswith("\n") or name in ("jsonl", "github")


@pytest.mark.parametrize("name", FORMATS)
def test_no_harmful_character_is_written(name: str, nasty: Report) -> None:
    text = written(name, nasty)
    assert [one for one in text.replace("\n", "") if unicodedata.category(one) in ("Cc", "Cf", "Zl", "Zp")] == []


@pytest.mark.parametrize("name", FORMATS)
def test_a_stream_that_is_not_unicode(name: str, nasty: Report) -> None:
    data = BytesIO()
    out = TextIOWrapper(data, encoding="cp1252", newline="")
    write_report(name, nasty, out, RenderOptions())
    out.flush()
    if name in ("json", "sarif", "gitlab", "rdjson"):
        assert json.loads(data.getvalue().decode("ascii")) == json.loads(written(name, nasty))
    if name == "junit":
        assert "日本" in next(iter(JUnitXml.fromstring(data.getvalue()))).name


@pytest.mark.parametrize("name", FORMATS)
def test_a_name_with_undecodable_bytes(name: str) -> None:
    finding = Diagnostic("caf\udce9.md", "r", Severity.ERROR, "m")
    written(name, Report([finding], RunStatistics(findings={Severity.ERROR: 1}))).encode()


def test_formats_are_imported_when_they_are_written() -> None:
    code = "import sys, patternlint.report; print([m for m in sys.modules if m.startswith(('rich', 'xml', 'patternlint.report.'))])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert shown.stdout.strip() == "[]"


def test_plain_text_does_not_import_rich() -> None:
    code = (
        "import sys; from patternlint.report import *; from patternlint.report.model import *; from patternlint.diagnostics.diagnostic import *\n"
        "for name in FORMATS: write_report(name, Report([Diagnostic('a', 'r', Severity.INFO, 'm')], RunStatistics()), sys.stderr, RenderOptions())\n"
        "print([m for m in sys.modules if m.startswith('rich')])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert shown.stdout.strip() == "[]"


# json


def test_json_follows_its_schema(real: Report, nasty: Report) -> None:
    Draft202012Validator.check_schema(REPORT_SCHEMA)
    validator = Draft202012Validator(REPORT_SCHEMA)
    for report in (real, nasty, Report((), RunStatistics()), many({Severity.WARNING: 2})):
        validator.validate(json.loads(written("json", report)))


def test_json_in_full(made: Report) -> None:
    assert written("json", made) == snapshot("""\
{"version":1,"summary":{"files":2,"patterns":{"7.1":2},"left_alone":0,"findings":{"error":1,"warning":1,"info":0},"silenced":0,"baselined":0,"fixed":0,"fixable":0,"fixable_unsafe":1,"notes":["library rules are off: there is no config"]},"findings":[
{"path":"a/bread.md","rule":"duplicate-slug","level":"warning","message":"the slug `bröd` is also that of another pattern","help":"","route":"slug","line":1,"column":7,"end_line":1,"end_column":11,"fix":null,"labels":[{"path":"b/table.md","line":2,"column":7,"end_line":2,"end_column":11,"message":"the same slug"}],"fingerprint":"ef19d5c4be38d7f852236c59a1366376"},
{"path":"a/bread.md","rule":"dangling-target","level":"error","message":"no pattern has the slug `long-tabel`","help":"did you mean `long-table` (Long Table)?","route":"enables[0].slug","line":3,"column":23,"end_line":3,"end_column":33,"fix":{"title":"replace it","safety":"unsafe","edits":[{"kind":"replace","path":"a/bread.md","start":42,"end":52,"text":"long-table"}]},"labels":[],"fingerprint":"96cd30a25d5b0510082f418c72254be9"}
]}
""")


def test_json_says_all(nasty: Report) -> None:
    found = json.loads(written("json", nasty))["findings"][1]
    finding = list(nasty.findings)[1]
    assert found["path"] == NASTY
    assert found["message"] == finding.message
    assert found["route"] == "relationships.enables[0].slug"
    assert (found["line"], found["column"], found["end_line"], found["end_column"]) == (1, 7, 1, 9)
    assert found["fix"] == {
        "title": "write `y`",
        "safety": "safe",
        "edits": [
            {"kind": "replace", "path": NASTY, "start": 14, "end": 15, "text": "y\n"},
            {"kind": "replace", "path": "other.md", "start": 0, "end": 0, "text": "z"},
        ],
    }
    assert [label["path"] for label in found["labels"]] == [NASTY, "other.md"]


def test_jsonl_is_the_findings_of_json(real: Report, nasty: Report) -> None:
    for report in (real, nasty):
        lines = written("jsonl", report).splitlines()
        assert [json.loads(line) for line in lines] == json.loads(written("json", report))["findings"]


def test_fingerprints_are_unique_and_the_same_in_every_format(nasty: Report) -> None:
    keys = [one["fingerprint"] for one in json.loads(written("json", nasty))["findings"]]
    assert len(set(keys)) == len(keys) == 4
    assert keys[3] == keys[2] + "#2"
    assert [one["fingerprint"] for one in json.loads(written("gitlab", nasty))] == keys
    results = json.loads(written("sarif", nasty))["runs"][0]["results"]
    assert [one["partialFingerprints"]["primaryLocationLineHash"] for one in results] == keys


def test_statistics_as_json(real: Report) -> None:
    out = StringIO()
    write_json(real, out, RenderOptions())
    schema = {"$defs": REPORT_SCHEMA["$defs"], "$ref": "#/$defs/statistics"}
    found = json.loads(out.getvalue())
    Draft202012Validator(schema).validate(found)
    assert found["statistics"][0] == {"rule": "dangling-target", "level": "error", "findings": 2, "files": 1}


def test_causes_as_json(real: Report) -> None:
    out = StringIO()
    write_causes_json(real, out, RenderOptions())
    schema = {"$defs": REPORT_SCHEMA["$defs"], "$ref": "#/$defs/causes"}
    found = json.loads(out.getvalue())
    Draft202012Validator(schema).validate(found)
    assert sum(one["findings"] for one in found["causes"]) == real.summary.total


# SARIF


def test_sarif_follows_its_schema(real: Report, nasty: Report) -> None:
    validator = Draft202012Validator(SARIF_SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)
    for report in (real, nasty, Report((), RunStatistics()), many({Severity.WARNING: 2})):
        validator.validate(json.loads(written("sarif", report)))


def test_sarif_in_full(made: Report) -> None:
    assert json.loads(written("sarif", made)) == snapshot(
        {
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {
                        "driver": {
                            "name": "patternlint",
                            "semanticVersion": "0.1.0",
                            "rules": [
                                {
                                    "id": "duplicate-slug",
                                    "name": "DuplicateSlug",
                                    "shortDescription": {"text": "No two patterns have the same slug."},
                                    "fullDescription": {
                                        "text": "No two patterns have the same slug. A slug is an address."
                                    },
                                    "help": {
                                        "text": "No two patterns have the same slug. A slug is an address.",
                                        "markdown": "A slug is an address.",
                                    },
                                    "defaultConfiguration": {"level": "warning"},
                                    "properties": {
                                        "tags": ["identity"],
                                        "precision": "high",
                                        "problem.severity": "warning",
                                    },
                                },
                                {
                                    "id": "dangling-target",
                                    "name": "DanglingTarget",
                                    "shortDescription": {"text": "Every link leads to a pattern."},
                                    "fullDescription": {
                                        "text": "Every link leads to a pattern. A link that leads nowhere is a promise to the reader that nobody keeps."
                                    },
                                    "help": {
                                        "text": "Every link leads to a pattern. A link that leads nowhere is a promise to the reader that nobody keeps.",
                                        "markdown": "A link that leads nowhere is a promise to the reader that nobody keeps.",
                                    },
                                    "defaultConfiguration": {"level": "error"},
                                    "properties": {"tags": ["links"], "precision": "high", "problem.severity": "error"},
                                    "helpUri": "https://example.org/rules/dangling-target",
                                },
                            ],
                        }
                    },
                    "columnKind": "unicodeCodePoints",
                    "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The top of the repository."}}},
                    "invocations": [
                        {
                            "executionSuccessful": True,
                            "toolExecutionNotifications": [
                                {"level": "note", "message": {"text": "library rules are off: there is no config"}}
                            ],
                        }
                    ],
                    "results": [
                        {
                            "ruleId": "duplicate-slug",
                            "level": "warning",
                            "message": {
                                "text": "The slug `bröd` is also that of another pattern. See [the same slug](1)."
                            },
                            "locations": [
                                {
                                    "physicalLocation": {
                                        "artifactLocation": {"uri": "a/bread.md", "uriBaseId": "%SRCROOT%"},
                                        "region": {"startLine": 1, "startColumn": 7, "endLine": 1, "endColumn": 11},
                                    }
                                }
                            ],
                            "partialFingerprints": {"primaryLocationLineHash": "ef19d5c4be38d7f852236c59a1366376"},
                            "ruleIndex": 0,
                            "relatedLocations": [
                                {
                                    "id": 1,
                                    "message": {"text": "the same slug"},
                                    "physicalLocation": {
                                        "artifactLocation": {"uri": "b/table.md", "uriBaseId": "%SRCROOT%"},
                                        "region": {"startLine": 2, "startColumn": 7, "endLine": 2, "endColumn": 11},
                                    },
                                }
                            ],
                        },
                        {
                            "ruleId": "dangling-target",
                            "level": "error",
                            "message": {
                                "text": "No pattern has the slug `long-tabel`. Did you mean `long-table` (Long Table)?"
                            },
                            "locations": [
                                {
                                    "physicalLocation": {
                                        "artifactLocation": {"uri": "a/bread.md", "uriBaseId": "%SRCROOT%"},
                                        "region": {"startLine": 3, "startColumn": 23, "endLine": 3, "endColumn": 33},
                                    }
                                }
                            ],
                            "partialFingerprints": {"primaryLocationLineHash": "96cd30a25d5b0510082f418c72254be9"},
                            "ruleIndex": 1,
                            "fixes": [
                                {
                                    "description": {"text": "replace it"},
                                    "artifactChanges": [
                                        {
                                            "artifactLocation": {"uri": "a/bread.md", "uriBaseId": "%SRCROOT%"},
                                            "replacements": [
                                                {
                                                    "deletedRegion": {
                                                        "startLine": 3,
                                                        "startColumn": 23,
                                                        "endLine": 3,
                                                        "endColumn": 33,
                                                    },
                                                    "insertedContent": {"text": "long-table"},
                                                }
                                            ],
                                        }
                                    ],
                                }
                            ],
                        },
                    ],
                }
            ],
        }
    )


def test_sarif_describes_rules(real: Report) -> None:
    (run,) = json.loads(written("sarif", real))["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    assert [rule["id"] for rule in rules] == list(real.rules)


def test_sarif_uris_and_links(nasty: Report) -> None:
    (run,) = json.loads(written("sarif", nasty))["runs"]
    for result in run["results"]:
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[A-Za-z0-9_.~/%-]+", uri)
        assert unquote_to_bytes(uri).decode() == NASTY
    result = run["results"][1]
    assert result["message"]["text"].endswith("See [first \\[here\\](x)](1), [here](2).")
    assert [one["id"] for one in result["relatedLocations"]] == [1, 2]
    assert run["results"][0]["message"]["text"] == "Whole file %0A, ::error:: {0}. H \\[a\\](1) @you."
    assert "ruleIndex" not in run["results"][0]
    assert run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"] == "a note, @all <b>"


def test_sarif_fixes(nasty: Report) -> None:
    results = json.loads(written("sarif", nasty))["runs"][0]["results"]
    changes = results[1]["fixes"][0]["artifactChanges"]
    assert changes[0]["replacements"] == [
        {
            "deletedRegion": {"startLine": 2, "startColumn": 4, "endLine": 2, "endColumn": 5},
            "insertedContent": {"text": "y\n"},
        }
    ]
    assert changes[1]["artifactLocation"]["uri"] == "other.md"
    assert "fixes" not in results[2], "an item to add has no place until the file's style is known"


def test_sarif_places_count_from_the_top_of_the_repository() -> None:
    finding = Diagnostic("a.md", "r", Severity.ERROR, "m", labels=(Label("l", WHOLE_FILE, "../b.md"),))
    report = Report([finding], RunStatistics(findings={Severity.ERROR: 1}), prefix="docs/library/")
    result = json.loads(written("sarif", report))["runs"][0]["results"][0]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "docs/library/a.md"
    assert result["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "docs/b.md"


def test_sarif_of_files_elsewhere() -> None:
    findings = [Diagnostic(path, "r", Severity.ERROR, "m") for path in ("/srv/ä b.md", "C:/x y.md")]
    results = json.loads(written("sarif", Report(findings, RunStatistics(), prefix="docs/")))["runs"][0]["results"]
    locations = [one["locations"][0]["physicalLocation"]["artifactLocation"] for one in results]
    assert locations == [{"uri": "file:///srv/%C3%A4%20b.md"}, {"uri": "file:///C%3A/x%20y.md"}]


def test_sarif_keeps_what_github_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MAX_RESULTS", 5)
    report = many({Severity.INFO: 3, Severity.WARNING: 4, Severity.ERROR: 3})
    (run,) = json.loads(written("sarif", report))["runs"]
    assert [one["level"] for one in run["results"]] == ["warning"] * 2 + ["error"] * 3
    note = run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    assert note == "GitHub takes 5 results: 5 of the lightest were left out"


# GitHub


def commands(text: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """Read workflow commands as GitHub's runner does."""
    for line in text.splitlines():
        match = re.fullmatch(r"::(\w+) (.*?)::(.*)", line)
        assert match is not None, line
        properties = dict(pair.split("=", 1) for pair in match[2].split(","))
        for name, value in properties.items():
            properties[name] = unescape(value.replace("%3A", ":").replace("%2C", ","))
        yield match[1], properties, unescape(match[3])


def unescape(text: str) -> str:
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


def test_github_commands(made: Report) -> None:
    assert written("github", made) == snapshot("""\
::warning title=patternlint::library rules are off: there is no config
::error file=a/bread.md,line=3,endLine=3,col=23,endColumn=33,title=dangling-target::no pattern has the slug `long-tabel`%0Adid you mean `long-table` (Long Table)?
::warning file=a/bread.md,line=1,endLine=1,col=7,endColumn=11,title=duplicate-slug::the slug `bröd` is also that of another pattern%0Ab/table.md:2:7: the same slug
""")


def test_github_escapes(nasty: Report) -> None:
    note, (name, properties, text), *_ = commands(written("github", nasty))
    assert (note[0], note[1]["title"]) == ("warning", "patternlint")
    assert (name, text) == ("error", "whole file %0A, ::error:: {0}\nh [a](1) @you")
    assert properties["file"] == NASTY.replace("\u202e", "\\u202e").replace("\x1b", "\\x1b")
    assert properties["title"] == "p/some-rule"


@given(st.text(), st.text())
def test_github_commands_are_read_back(path: str, message: str) -> None:
    finding = Diagnostic(path, "r", Severity.WARNING, message)
    line = github.command(finding)
    assert len(line.splitlines()) == 1
    ((name, properties, _),) = commands(line)
    assert name == "warning"
    if path.isprintable():
        assert properties["file"] == path


def test_github_shows_the_heaviest_and_says_how_many_more() -> None:
    report = many({Severity.INFO: 30, Severity.WARNING: 4, Severity.ERROR: 1977})
    found = list(commands(written("github", report, RenderOptions(elsewhere="in the job summary"))))
    assert [name for name, _, _ in found] == ["error"] * 10 + ["warning"] * 4 + ["notice"] * 10
    assert found[-1] == snapshot(
        (
            "notice",
            {"title": "patternlint"},
            "2,011 findings: 1,977 errors, 4 warnings, 30 info. GitHub shows no more than 10 of a level here; 1,988 more are shown in the job summary",
        )
    )


def test_github_needs_no_notice_when_all_are_shown() -> None:
    found = list(commands(written("github", many({Severity.INFO: 10, Severity.ERROR: 10}))))
    assert [name for name, _, _ in found] == ["error"] * 10 + ["notice"] * 10
    assert found[-1][2] == "number 9"


def test_github_keeps_messages_short() -> None:
    finding = Diagnostic("a.md", "r", Severity.ERROR, "x" * 10_000)
    assert len(next(commands(github.command(finding)))[2]) == github.MAX_MESSAGE


def test_github_takes_columns_of_one_line_only() -> None:
    finding = Diagnostic("a.md", "r", Severity.ERROR, "m", region=Region(3, 5, 4, 2))
    assert github.command(finding) == "::error file=a.md,line=3,endLine=4,title=r::m"


# GitLab


def test_gitlab(made: Report) -> None:
    assert json.loads(written("gitlab", made)) == snapshot(
        [
            {
                "description": "The slug `bröd` is also that of another pattern.",
                "check_name": "duplicate-slug",
                "fingerprint": "ef19d5c4be38d7f852236c59a1366376",
                "severity": "minor",
                "location": {"path": "a/bread.md", "lines": {"begin": 1, "end": 1}},
                "content": {"body": "No two patterns have the same slug. A slug is an address."},
            },
            {
                "description": "No pattern has the slug `long-tabel`. Did you mean `long-table` (Long Table)?",
                "check_name": "dangling-target",
                "fingerprint": "96cd30a25d5b0510082f418c72254be9",
                "severity": "major",
                "location": {"path": "a/bread.md", "lines": {"begin": 3, "end": 3}},
                "content": {
                    "body": "Every link leads to a pattern. A link that leads nowhere is a promise to the reader that nobody keeps."
                },
            },
        ]
    )


def test_gitlab_finds_what_it_requires(real: Report, nasty: Report) -> None:
    for one in (*json.loads(written("gitlab", real)), *json.loads(written("gitlab", nasty))):
        assert one["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert one["location"]["lines"]["begin"] >= 1
        assert all(isinstance(one[key], str) and one[key] for key in ("description", "check_name", "fingerprint"))
    assert json.loads(written("gitlab", nasty))[0]["location"]["path"] == NASTY
    assert json.loads(written("gitlab", Report((), RunStatistics()))) == []


# JUnit


def test_junit(made: Report) -> None:
    assert written("junit", made) == snapshot("""\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="patternlint" tests="2" failures="1" errors="0">
  <testsuite name="a/bread.md" tests="2" failures="1" errors="0">
    <testcase name="duplicate-slug 1:7" classname="a/bread.md" file="a/bread.md" line="1"><system-out>warning: a/bread.md:1:7: the slug `bröd` is also that of another pattern
b/table.md:2:7: the same slug</system-out></testcase>
    <testcase name="dangling-target 3:23" classname="a/bread.md" file="a/bread.md" line="3"><failure type="error" message="no pattern has the slug `long-tabel`">a/bread.md:3:23: no pattern has the slug `long-tabel`
did you mean `long-table` (Long Table)?</failure></testcase>
  </testsuite>
</testsuites>
""")


def test_junit_is_read_back(nasty: Report) -> None:
    xml = JUnitXml.fromstring(written("junit", nasty, RenderOptions(fail_on=Severity.WARNING)).encode())
    (suite,) = xml
    assert isinstance(suite, TestSuite)
    assert suite.name == NASTY.replace("\u202e", "\\u202e").replace("\x1b", "\\x1b")
    assert (xml.tests, xml.failures, suite.tests, suite.failures) == (4, 2, 4, 2)
    cases = list(suite)
    assert [case.is_passed for case in cases] == [False, False, True, True]
    (failure,) = cases[1].result
    assert isinstance(failure, Failure)
    assert failure.type == "warning"
    assert failure.message is not None
    assert failure.message.startswith("a | b\\r\nc <i>d</i> `e` &amp; \\x1b[2J\\u202e\\x00 ]]> -->")


def test_junit_of_nothing_is_one_case_that_passed() -> None:
    (suite,) = JUnitXml.fromstring(written("junit", Report((), RunStatistics(files=3, patterns={"7.1": 3}))).encode())
    (case,) = suite
    assert case.is_passed
    assert case.name == "3 files: 3 patterns of spec 7.1"


def test_junit_with_a_level_below_the_gate() -> None:
    text = written("junit", many({Severity.WARNING: 1, Severity.ERROR: 1}), RenderOptions(fail_on=Severity.ERROR))
    xml = JUnitXml.fromstring(text.encode())
    assert (xml.tests, xml.failures) == (2, 1)


# rdjson

POSITION = {
    "type": "object",
    "required": ["line"],
    "properties": {"line": {"type": "integer", "minimum": 1}, "column": {"type": "integer", "minimum": 1}},
    "additionalProperties": False,
}
RANGE = {
    "type": "object",
    "required": ["start"],
    "properties": {"start": POSITION, "end": POSITION},
    "additionalProperties": False,
}
NAMED = {
    "type": "object",
    "properties": {"url": {"type": "string"}},
    "required": [],
    "additionalProperties": {"type": "string"},
}
RDJSON = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "source": NAMED,
        "diagnostics": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["message", "location"],
                "properties": {
                    "message": {"type": "string"},
                    "location": {
                        "type": "object",
                        "required": ["path"],
                        "properties": {"path": {"type": "string"}, "range": RANGE},
                        "additionalProperties": False,
                    },
                    "severity": {"enum": ["UNKNOWN_SEVERITY", "ERROR", "WARNING", "INFO"]},
                    "code": NAMED,
                    "suggestions": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["range", "text"],
                            "properties": {"range": RANGE, "text": {"type": "string"}},
                            "additionalProperties": False,
                        },
                    },
                },
            },
        },
    },
}
"""The messages of reviewdog's format as its reader takes them: a field that it does not know is an error."""


def test_rdjson_follows_its_schema(real: Report, nasty: Report) -> None:
    for report in (real, nasty, Report((), RunStatistics())):
        Draft202012Validator(RDJSON).validate(json.loads(written("rdjson", report)))


def test_rdjson(made: Report) -> None:
    assert json.loads(written("rdjson", made)) == snapshot(
        {
            "source": {"name": "patternlint"},
            "diagnostics": [
                {
                    "message": """\
the slug `bröd` is also that of another pattern
b/table.md:2:7: the same slug\
""",
                    "location": {
                        "path": "a/bread.md",
                        "range": {"start": {"line": 1, "column": 7}, "end": {"line": 1, "column": 12}},
                    },
                    "severity": "WARNING",
                    "code": {"value": "duplicate-slug"},
                },
                {
                    "message": """\
no pattern has the slug `long-tabel`
did you mean `long-table` (Long Table)?\
""",
                    "location": {
                        "path": "a/bread.md",
                        "range": {"start": {"line": 3, "column": 27}, "end": {"line": 3, "column": 37}},
                    },
                    "severity": "ERROR",
                    "code": {"value": "dangling-target", "url": "https://example.org/rules/dangling-target"},
                    "suggestions": [
                        {
                            "range": {"start": {"line": 3, "column": 27}, "end": {"line": 3, "column": 37}},
                            "text": "long-table",
                        }
                    ],
                },
            ],
        }
    )


def test_rdjson_counts_bytes(nasty: Report) -> None:
    found = json.loads(written("rdjson", nasty))["diagnostics"]
    assert found[0]["location"] == {"path": NASTY, "range": {"start": {"line": 1}}}
    assert found[1]["location"]["range"] == {"start": {"line": 1, "column": 7}, "end": {"line": 1, "column": 13}}
    assert found[2]["location"]["range"] == {"start": {"line": 2, "column": 4}, "end": {"line": 2, "column": 6}}
    assert found[3]["suggestions"] == [{"range": found[3]["location"]["range"], "text": "ü"}]
    assert "suggestions" not in found[1], "the fix changes another file too"
    assert "suggestions" not in found[2]


def test_rdjson_without_the_file() -> None:
    finding = Diagnostic("a.md", "r", Severity.ERROR, "m", region=Region(3, 5, 4, 2))
    (found,) = json.loads(written("rdjson", Report([finding], RunStatistics())))["diagnostics"]
    assert found["location"]["range"] == {"start": {"line": 3}, "end": {"line": 4}}


# Markdown

READER = MarkdownIt("gfm-like", {"html": True})
if READER.linkify is not None:
    READER.linkify.set({"fuzzy_link": False})  # GitHub makes a link of `www.`, but not of every name with a dot


def rendered(text: str) -> str:
    return str(READER.render(text))


def test_markdown(made: Report) -> None:
    assert written("markdown", made, RenderOptions(links="https://github.com/o/r/blob/abc/")) == snapshot("""\
## patternlint: 1 error, 1 warning

2 files: 2 patterns of spec 7.1

> library rules are off: there is no config

### By rule

| level | rule | findings | files | requirement |
|---|---|--:|--:|---|
| error | [dangling-target](https://example.org/rules/dangling-target) | 1 | 1 | Every link leads to a pattern. |
| warning | duplicate-slug | 1 | 1 | No two patterns have the same slug. |

### Findings

| place | level | rule | finding |
|---|---|---|---|
| [a/bread.md:3:23](https://github.com/o/r/blob/abc/a/bread.md?plain=1#L3) | error | dangling-target | no pattern has the slug `long-tabel`<br>did you mean `long-table` (Long Table)? |
| [a/bread.md:1:7](https://github.com/o/r/blob/abc/a/bread.md?plain=1#L1) | warning | duplicate-slug | the slug `bröd` is also that of another pattern |

### What to do

- 1 fixable with `--fix --unsafe-fixes`.
- `patternlint` shows each with the lines that it is about, `patternlint rule NAME` explains a rule.
""")


def test_markdown_of_nothing() -> None:
    assert written("markdown", Report((), RunStatistics(files=3, patterns={"7.1": 3}))) == snapshot("""\
## patternlint: no findings

3 files: 3 patterns of spec 7.1
""")


def cells_of(html: str) -> list[list[str]]:
    return [
        [plain(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)]
        for row in re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)
        if "<td" in row
    ]


def plain(html: str) -> str:
    text = re.sub(r"<!-- -->|</?code>|</?a[^>]*>", "", html.replace("<br>", "\n"))
    assert "<" not in text, text
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")


def test_markdown_quotes_strangers_literally(nasty: Report) -> None:
    text = written("markdown", nasty)
    assert "www." not in text
    html = rendered(text)
    assert set(re.findall(r"<(\w+)", html)) <= {
        "h2",
        "h3",
        "p",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "ul",
        "li",
        "code",
        "br",
        "blockquote",
        "a",
    }
    assert re.findall(r'<a href="([^"]*)"', html) == ["https://e.org/r"] * 2
    rows = cells_of(html)
    path = NASTY.replace("\n", "\\n").replace("\x1b", "\\x1b").replace("\u202e", "\\u202e")
    assert rows[0] == ["error", "p/some-rule", "1", "1", ""]
    assert rows[1] == ["warning", "some-rule", "1", "1", "What | holds <b>."]
    assert rows[2] == ["info", "some-rule", "2", "1", "What | holds <b>."]
    assert rows[3] == [path, "error", "p/some-rule", "whole file %0A, ::error:: {0}\nh [a](1) @you"]
    assert rows[4][0] == f"{path}:1:7"
    assert rows[4][3].startswith("a | b\\r\\nc <i>d</i> e &amp; \\x1b[2J\\u202e\\x00 ]]> --> www.example.org")
    assert "@<!-- -->" in html
    assert "@you" not in html


@given(st.text(max_size=60), st.text(max_size=60))
@settings(deadline=None)
def test_markdown_keeps_any_text_in_its_cell(path: str, message: str) -> None:
    finding = Diagnostic(path or "x", "r", Severity.WARNING, message)
    html = rendered(written("markdown", Report([finding], statistics_of([finding]))))
    assert "<a" not in html
    row = cells_of(html)[-1]
    assert len(row) == 4
    assert row[1:3] == ["warning", "r"]


def test_markdown_links_to_lines(nasty: Report) -> None:
    style = RenderOptions(links="https://github.com/o/r/blob/abc/")
    html = rendered(written("markdown", nasty, style))
    (link,) = {one for one in re.findall(r'<a href="([^"]*)"', html) if "#L1" in one}
    address = link.removeprefix(style.links)
    assert re.fullmatch(r"[A-Za-z0-9_.~/%-]+\?plain=1#L1", address)
    assert unquote_to_bytes(address.removesuffix("?plain=1#L1")).decode() == NASTY


def test_markdown_is_never_too_long() -> None:
    findings = [
        Diagnostic(f"{'ü' * 250}{number}.md", f"rule-{number % 4000}", Severity.ERROR, "日<" * 1000)
        for number in range(20_000)
    ]
    report = Report(findings, statistics_of(findings), notes=("<" * 100_000,))
    text = written("markdown", report, RenderOptions(links="https://github.com/"))
    assert len(text.encode()) < 1 << 20
    assert "\n… and 19,950 more files\n" in text or "more findings" in text
    assert "…" in text


def test_markdown_says_what_is_left_out() -> None:
    text = written("markdown", many({Severity.INFO: 300, Severity.ERROR: 450}))
    assert text.count("| a.md | error | rule-error |") == 450
    assert text.count("| a.md | info | rule-info |") == 50
    assert "\n… and 250 more findings\n" in text


# Anything at all

TEXTS = st.text(st.characters() | st.sampled_from("\t\n\r\x1b\u202e|`[]<>&%:,日"), max_size=60)
PATHS = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("\t\n\x1b\u202e[]%:,日\udc80\udcff"), max_size=60
)
"""Names as the system gives them: half characters stand in for bytes that are no UTF-8, and for nothing else."""


@st.composite
def reports(draw: st.DrawFn) -> Report:
    sources = {
        path: Source(path, draw(TEXTS).encode("utf-8", "surrogatepass"))
        for path in draw(st.lists(PATHS.filter(bool), min_size=1, max_size=3))
    }
    paths = st.sampled_from(sorted(sources))

    def span(path: str) -> Span:
        start, end = sorted(draw(st.tuples(*[st.integers(0, len(sources[path].text))] * 2)))
        return Span(start, end)

    findings = []
    for path in sorted(draw(st.lists(paths, max_size=4))):
        place = span(path)
        other = draw(paths)
        edit = Replacement(span(other), draw(TEXTS), other)
        findings.append(
            Diagnostic(
                path,
                draw(TEXTS.filter(bool)),
                draw(st.sampled_from([Severity.INFO, Severity.WARNING, Severity.ERROR])),
                draw(TEXTS),
                place,
                sources[path].region(place),
                tuple(draw(st.lists(TEXTS | st.integers(0, 5), max_size=3))),
                draw(TEXTS),
                tuple(
                    Label(draw(TEXTS), sources[other].region(span(other)), other)
                    for _ in range(draw(st.integers(0, 2)))
                ),
                draw(TEXTS),
                draw(st.none() | st.just(Fix(draw(TEXTS), Safety.SAFE, (edit,)))),
            )
        )
    return Report(
        findings, statistics_of(findings), notes=(draw(TEXTS),), source=draw(st.sampled_from([sources, {}])).get
    )


VALIDATORS: Mapping[str, Any] = {
    "json": Draft202012Validator(REPORT_SCHEMA),
    "sarif": Draft202012Validator(SARIF_SCHEMA),
    "rdjson": Draft202012Validator(RDJSON),
}


@pytest.mark.parametrize("name", FORMATS)
def test_anything_can_be_reported(name: str) -> None:
    @given(reports())
    @settings(deadline=None, max_examples=50)
    def check(report: Report) -> None:
        text = written(name, report)
        text.encode()
        if name in ("json", "sarif", "gitlab", "rdjson"):
            found = json.loads(text)
            if name in VALIDATORS:
                VALIDATORS[name].validate(found)
        elif name == "jsonl":
            assert [json.loads(line)["message"] for line in text.splitlines()] == [
                one.message for one in report.findings
            ]
        elif name == "github":
            list(commands(text))
        elif name == "junit":
            JUnitXml.fromstring(text.encode())

    check()


# Names of real files

NAMES = (
    "a space.md",
    "a, comma.md",
    "50%.md",
    "%2C %0A %25.md",
    "it's.md",
    'a "quoted" one.md',
    "“curly” ‘ones’.md",
    "gärten – für alle.md",
    "u\u0308ber.md",  # not the same bytes as über.md, and both are to be kept
    "über.md",
    "日本.md",
    "🌱.md",
    "a:b;c=d.md",
    "a&b#c?d+e@f.md",
    "[x](y) {z} `c` *d* _e_ ~f~ !g $h.md",
    "a\\b|c^d.md",
    "<b>.md",
    "-- a folder, 100%/-x.md",
)

PLACE = r":\d+:\d+(?:: .*)?"


def names_in_sarif(text: str) -> Iterator[str]:
    report = json.loads(text)
    Draft202012Validator(SARIF_SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(report)
    for result in report["runs"][0]["results"]:
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[A-Za-z0-9_.~/%-]+", uri)
        yield unquote_to_bytes(uri).decode()


def names_in_json(text: str) -> Iterator[str]:
    report = json.loads(text)
    Draft202012Validator(REPORT_SCHEMA).validate(report)
    return (one["path"] for one in report["findings"])


def names_in_rdjson(text: str) -> Iterator[str]:
    report = json.loads(text)
    Draft202012Validator(RDJSON).validate(report)
    return (one["location"]["path"] for one in report["diagnostics"])


def names_in_junit(text: str) -> Iterator[str]:
    for suite in JUnitXml.fromstring(text.encode()):
        assert isinstance(suite, TestSuite)
        yield str(suite.name)


def names_in_markdown(text: str) -> Iterator[str]:
    for row in cells_of(rendered(text)):
        if len(row) == 4:
            yield re.sub(r":\d+:\d+$", "", row[0])


def names_in_lines(begin: str) -> Callable[[str], Iterator[str]]:
    return lambda text: (match[1] for match in re.finditer(f"^{begin}(.*\\.md){PLACE}$", text, re.MULTILINE))


NAMES_IN: dict[str, Callable[[str], Iterator[str]]] = {
    "text": names_in_lines(r" *┌─ "),
    "concise": names_in_lines(""),
    "json": names_in_json,
    "jsonl": lambda text: (json.loads(line)["path"] for line in text.splitlines()),
    "sarif": names_in_sarif,
    "github": lambda text: (
        properties["file"] for name, properties, _ in commands(text) if name != "notice" or "file" in properties
    ),
    "gitlab": lambda text: (one["location"]["path"] for one in json.loads(text)),
    "junit": names_in_junit,
    "rdjson": names_in_rdjson,
    "markdown": names_in_markdown,
}


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of files with such names, and what each format says of it."""
    top = tmp_path_factory.mktemp("named")
    good = (ROOT / "examples" / "library" / "repair-cafe.md").read_text(encoding="utf-8")
    for number, name in enumerate(NAMES):
        text = re.sub(r"^slug: .*$", f"slug: repair-cafe-{number}", good, flags=re.MULTILINE)
        (top / "library" / name).parent.mkdir(parents=True, exist_ok=True)
        (top / "library" / name).write_text(re.sub(r"^id: .*$", "id: none", text, flags=re.MULTILINE), encoding="utf-8")
    outputs = (f"--output-format={name}:../{name}.out" for name in FORMATS)
    flags = ("--isolated", "--select=id-format", "--no-cache", "--jobs=1")
    assert patternlint(*outputs, *flags, cwd=top / "library").code == FINDINGS
    return top


@pytest.mark.parametrize("name", FORMATS)
def test_names_of_files_survive(name: str, named: Path) -> None:
    text = (named / f"{name}.out").read_text(encoding="utf-8")
    found = set(NAMES_IN[name](text))
    if name == "github":  # ten of a level are shown
        assert len(found) == 10
        assert found <= set(NAMES)
    else:
        assert found == set(NAMES)


def test_every_format_is_here() -> None:
    assert {*FORMATS.values()} >= {module.__name__.rpartition(".")[2] for module in (sarif, github, junit, markdown)}
