"""The report about a library: its numbers are those of the JSON format, and texts of patterns cannot leave their place."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patternlint.cli.commands.report import parser
from patternlint.cli.reporting import report_content
from patternlint.cli.session import check_each
from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.severity import Severity
from patternlint.document.identifiers import creation_date
from patternlint.library_report.build import ReportSettings, build_report
from patternlint.library_report.excerpts import Excerpt, ExcerptReader, cut
from patternlint.library_report.findings import ShownFinding, collect_findings, details_within, with_details
from patternlint.library_report.html import html_page
from patternlint.library_report.payload import pack, unpack
from patternlint.source import Region, Source
from tests.support.command import ERROR, OK, ROOT, patternlint
from tests.support.real_files import CORPUS, needs_corpus
from tests.support.repository import example_library

EXAMPLES = ROOT / "examples" / "library"
LEVELS = ("error", "warning", "info")
DAY = {"SOURCE_DATE_EPOCH": "1764460800"}


def pattern_text(title: str = '"Bread"') -> str:
    return f"---\nid: pat_1\nslug: bread\ntitle: {title}\nontology: {{}}\n---\n"


def write_report(folder: Path, target: Path, *arguments: str) -> str:
    result = patternlint("report", "-o", target, *arguments, cwd=folder, env=DAY)
    assert result.code == OK, result.err
    return target.read_text(encoding="utf-8")


def blocks(page: str) -> dict[str, Any]:
    return {name: unpack(text) for name, text in re.findall(r'octet-stream" id="(\w+)">([^<]*)<', page)}


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, Any]]:
    page = write_report(EXAMPLES, tmp_path_factory.mktemp("report") / "report.html")
    return page, blocks(page)


@pytest.fixture(scope="session")
def findings() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(patternlint("--output-format", "json", cwd=EXAMPLES).out)["findings"]
    return found


def test_every_finding_is_in_the_report(example: tuple[str, dict[str, Any]], findings: list[dict[str, Any]]) -> None:
    overview, library, block = (example[1][name] for name in ("overview", "library", "findings"))
    rules = [name for name, *_ in overview["rules"]]
    shown = Counter(
        (rules[library["causes"][cause][0]], line, column, block["messages"][message], block["helps"][advice])
        for cause, line, column, message, advice in zip(
            *(block[name] for name in ("cause", "line", "column", "message", "help")), strict=True
        )
    )
    assert shown == Counter((one["rule"], one["line"], one["column"], one["message"], one["help"]) for one in findings)
    assert overview["total"] == len(findings) == sum(cause[5] for cause in library["causes"])
    assert overview["first"] == library["causes"][:8]


def test_the_numbers_of_the_overview(example: tuple[str, dict[str, Any]], findings: list[dict[str, Any]]) -> None:
    overview, library = example[1]["overview"], example[1]["library"]
    flags, targets = library["links"]["flags"], library["links"]["target"]
    assert overview["counts"] == {
        "patterns": len(library["patterns"]["title"]),
        "withoutErrors": library["patterns"]["errors"].count(0),
        "causes": len(library["causes"]),
        "links": len(flags),
        "unresolved": sum(target is not None and target < 0 for target in targets),
        "missing": len(library["missing"]),
        "oneSided": sum(flag & 1 for flag in flags),
        "mutual": sum(flag // 2 for flag in flags),
    }
    at, title, count = overview["hub"]
    assert library["patterns"]["title"][at] == title
    assert count == max(Counter(target for target in targets if target is not None and target >= 0).values())
    groups = {rule: group for rule, group, *_ in overview["rules"]}
    expected = Counter((groups[one["rule"]], one["level"]) for one in findings)
    shown = {(group, level): n for group, *row in overview["groups"] for level, n in zip(LEVELS, row, strict=True) if n}
    assert shown == expected


def test_the_numbers_of_each_pattern(example: tuple[str, dict[str, Any]], findings: list[dict[str, Any]]) -> None:
    patterns = example[1]["library"]["patterns"]
    for name, level in (("errors", "error"), ("warnings", "warning"), ("infos", "info")):
        expected = Counter(Path(one["path"]).name for one in findings if one["level"] == level)
        assert dict(zip(patterns["file"], patterns[name], strict=True)) == {
            file: expected[file] for file in patterns["file"]
        }


def test_copied_text_and_growth(example: tuple[str, dict[str, Any]]) -> None:
    overview, library = example[1]["overview"], example[1]["library"]
    copied = library["patterns"]["copied"]
    assert len(copied) == overview["counts"]["patterns"]
    assert all(0 <= one <= 100 for one in copied if one is not None)
    assert any(copied) == bool(overview["shape"]["copied"])
    ids = [re.search("^id: (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE) for path in EXAMPLES.rglob("*.md")]
    days = Counter(str(day) for one in ids if one and (day := creation_date(one[1].strip('"'))))
    assert overview["shape"]["growth"] == [list(pair) for pair in sorted(days.items())]


@needs_corpus
@pytest.mark.slow
@pytest.mark.parametrize("name", ["commons-os/_patterns", "luebeck"])
def test_the_numbers_of_a_real_library_are_those_of_the_json_format_and_the_export(name: str, tmp_path: Path) -> None:
    folder = CORPUS / name
    options = (folder, "--isolated", "--cache-dir", tmp_path / "cache")
    found = json.loads(patternlint(*options, "--output-format", "json", cwd=folder).out)["findings"]
    graph = json.loads(patternlint("report", *options, "--format", "json", "-o", "-", cwd=folder).out)
    page = blocks(write_report(folder, tmp_path / "report.html", *map(str, options)))
    overview, library = page["overview"], page["library"]
    levels = ("error", "warning", "info")
    rules = [one[0] for one in overview["rules"]]
    assert overview["total"] == len(found)
    assert overview["levels"] == [sum(one["level"] == level for one in found) for level in levels]
    by_rule: Counter[str] = Counter()
    for cause in library["causes"]:
        by_rule[rules[cause[0]]] += cause[5]
    assert by_rule == Counter(one["rule"] for one in found)
    patterns = library["patterns"]
    folders = [patterns["folder"]["texts"][at] for at in patterns["folder"]["values"]]
    paths = [str(Path(folder) / file) for folder, file in zip(folders, patterns["file"], strict=True)]
    for level in levels:
        expected = Counter(one["path"] for one in found if one["level"] == level)
        assert dict(zip(paths, patterns[f"{level}s"], strict=True)) == {path: expected[path] for path in paths}
    existing = [one for one in graph["nodes"] if not one.get("missing")]
    assert sorted(paths) == sorted(one["id"] for one in existing)
    assert len(library["missing"]) == len(graph["nodes"]) - len(existing)
    assert sum(target is not None for target in library["links"]["target"]) == len(graph["links"])
    one_sided = sum(one.get("one_sided", False) for one in graph["links"])
    assert sum(flag & 1 for flag in library["links"]["flags"]) == one_sided


def test_links_without_a_link_back_are_those_of_the_rules(
    example: tuple[str, dict[str, Any]], findings: list[dict[str, Any]]
) -> None:
    flags = example[1]["library"]["links"]["flags"]
    rules = ("missing-reciprocal", "missing-inverse")
    assert sum(flag & 1 for flag in flags) == sum(one["rule"] in rules for one in findings) > 0
    assert all(flag & 2 for flag in flags if flag & 1)


def test_every_excerpt_marks_the_text_of_its_finding(example: tuple[str, dict[str, Any]]) -> None:
    block = example[1]["findings"]
    assert any(block["length"])
    for excerpt, start, length in zip(block["excerpt"], block["start"], block["length"], strict=True):
        assert 0 <= start <= start + length <= len(block["excerpts"][excerpt])


def test_the_same_input_gives_the_same_bytes(example: tuple[str, dict[str, Any]], tmp_path: Path) -> None:
    assert write_report(EXAMPLES, tmp_path / "warm.html") == example[0]
    assert write_report(EXAMPLES, tmp_path / "cold.html", "--no-cache", "--jobs", "1") == example[0]
    assert example[1]["overview"]["date"] == "2025-11-30"


def test_a_warm_report_reads_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = write_report(EXAMPLES, tmp_path / "1.html")
    monkeypatch.setattr("patternlint.run.analysis.FileReader.read", lambda *_: pytest.fail("a file was read"))
    assert write_report(EXAMPLES, tmp_path / "2.html") == first


def test_findings_that_are_not_shown_in_full_are_counted(tmp_path: Path) -> None:
    found = blocks(write_report(EXAMPLES, tmp_path / "report.html", "--details", "0"))
    overview = found["overview"]
    assert found["findings"]["cause"] == []
    assert overview["omitted"] == overview["total"] == sum(cause[5] for cause in found["library"]["causes"]) > 0


def test_a_page_that_would_be_too_large_shows_fewer_findings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "patternlint.toml").touch()
    for number in range(20):
        (tmp_path / f"bread-{number}.md").write_text(pattern_text(), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    joined = check_each(parser().parse([]))
    report = build_report(joined, report_content(joined, joined.counts, ()), ReportSettings("Library", "2025-11-30"))
    page = html_page(report)
    assert html_page(report, len(page)) == page
    smaller = html_page(report, len(page) - 1)
    assert len(smaller) < len(page)
    for text, some in ((smaller, True), (html_page(report, 1), False)):
        found = blocks(text)
        shown = len(found["findings"]["cause"])
        assert (shown > 0, shown + found["overview"]["omitted"]) == (some, found["overview"]["total"])


@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), st.sampled_from("xyz"), st.integers(1, 9))), st.integers(0, 30))
def test_as_many_findings_of_each_cause_are_shown_as_fit(known: list[tuple[str, str, int]], total: int) -> None:
    findings = [
        Diagnostic(path, rule, Severity.INFO, rule, help=str(line), region=Region(line, 1, line, 2))
        for path, rule, line in sorted(known)
    ]
    shown = [ShownFinding(one, lambda finding: Excerpt(finding.help, 0, 1)) for one in findings]
    found = collect_findings(shown, {"a": 0, "b": 1})
    details = details_within(found, total)
    fewer = with_details(found, details)
    columns = fewer.columns
    assert len(columns.cause) + fewer.omitted == len(findings)
    assert len(columns.cause) <= total
    assert fewer.omitted == 0 or len(with_details(found, details + 1).columns.cause) > total
    first = [
        one for number, one in enumerate(findings) if [two.rule for two in findings[:number]].count(one.rule) < details
    ]
    assert [columns.helps[number] for number in columns.help] == [one.help for one in first]
    assert [columns.excerpts[number] for number in columns.excerpt] == [one.help for one in first]


HOSTILE = ("</script><img src=x onerror=alert(1)>", "{{script}}", "\u202eevil", "&lt;b&gt; \" '", "a" * 10_000)


@pytest.mark.parametrize("title", HOSTILE)
def test_texts_of_patterns_cannot_leave_their_place(title: str, tmp_path: Path) -> None:
    (tmp_path / "patternlint.toml").touch()
    (tmp_path / "bread.md").write_text(pattern_text(json.dumps(title)), encoding="utf-8")
    page = write_report(tmp_path, tmp_path / "report.html", "--title", title)
    elements = Elements()
    elements.feed(page)
    assert elements.counts == {"html": 1, "head": 1, "meta": 4, "title": 1, "style": 1, "body": 1, "noscript": 1} | {
        name: elements.counts[name] for name in ("h1", "p", "table", "tr", "th", "td", "div", "script")
    }
    assert elements.counts["script"] == 5
    assert blocks(page)["library"]["patterns"]["title"] == [title]


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.counts[tag] += 1


def test_the_policy_allows_the_script_and_style_of_the_page_only(example: tuple[str, dict[str, Any]]) -> None:
    page = example[0]
    policy = re.search(r'Policy" content="([^"]*)"', page)
    style, script = (
        re.search(r"<style>(.*?)</style>", page, re.DOTALL),
        re.search(r"<script>(.*?)</script>", page, re.DOTALL),
    )
    assert policy
    assert style
    assert script
    for name, text in (("style", style[1]), ("script", script[1])):
        digest = hashlib.sha256(text.encode()).digest()
        assert f"{name}-src 'sha256-{base64.b64encode(digest).decode()}'" in policy[1]
    assert "unsafe" not in policy[1]
    assert "default-src 'none'" in policy[1]


def test_a_report_does_not_overwrite_a_pattern(tmp_path: Path) -> None:
    (tmp_path / "bread.md").write_text(pattern_text(), encoding="utf-8")
    result = patternlint("report", "-o", "bread.md", cwd=tmp_path)
    assert "would overwrite the pattern" in result.err
    assert result.code != OK


@pytest.mark.parametrize("moment", ["noon", "9" * 30, "-"])
def test_what_prevents_a_report_is_reported(moment: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = patternlint("report", cwd=tmp_path)
    assert (result.code, result.err) == (2, f"patternlint: no Markdown files in {tmp_path}\n")
    assert not list(tmp_path.iterdir())
    example_library(tmp_path / "library")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", moment)
    result = patternlint("report", cwd=tmp_path / "library")
    assert result.code == 2
    assert f"`SOURCE_DATE_EPOCH` is not a number of seconds since 1970: `{moment}`" in result.err


def test_the_bundle_is_built_from_the_sources() -> None:
    digest = hashlib.sha256()
    for path in sorted((ROOT / "report-ui" / "src").iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    for name in ("report.js", "report.css"):
        asset = ROOT / "patternlint" / "library_report" / "assets" / name
        assert digest.hexdigest() in asset.read_text(encoding="utf-8")[:400], (
            f"run `npm run build` in report-ui: {name}"
        )


def test_an_undecodable_file_name_is_replaced() -> None:
    assert unpack(pack({"path": ["a\udcff.md"]})) == {"path": ["a?.md"]}


VALUES = st.dictionaries(
    st.text("ab", max_size=2),
    st.lists(st.none() | st.integers(-9, 9)) | st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8)),
    max_size=3,
)


@given(VALUES)
def test_packed_values_come_back(value: Any) -> None:
    assert unpack(pack(value)) == value


@given(st.text(alphabet="ab ö", max_size=500), st.integers(0, 499), st.integers(0, 499))
def test_a_cut_line_keeps_the_start_of_its_mark(line: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(line)), min(other, len(line))))
    excerpt = cut(line, Region(1, start + 1, 1, end + 1))
    marked = excerpt.text[excerpt.start : excerpt.start + excerpt.length]
    assert line[start:end].startswith(marked.removesuffix("…"))
    assert bool(marked) == (end > start)
    assert len(excerpt.text) <= 162


def test_excerpts_are_stored() -> None:
    source = Source("a", b"one\ntwo\n")
    finding = Diagnostic("a", "r", Severity.INFO, "m", region=Region(2, 1, 2, 4))
    reader = ExcerptReader({"a": source}.get)
    assert reader.of(finding).text == "two"
    again = ExcerptReader(lambda _: pytest.fail("the file was read"), reader.encoded())
    assert again.of(finding) == reader.of(finding)
    assert (reader.has_new, again.has_new) == (True, False)


def test_the_history_grows_by_a_line_a_run(tmp_path: Path) -> None:
    history = tmp_path / "history.jsonl"
    history.write_text('{"date":"2025-01-01","commit":"","patterns":3,"levels":{"error":9},"rules":{"cycle":9}}\n')
    report = tmp_path / "report.html"
    write_report(EXAMPLES, report, "--history", str(history))
    page = write_report(EXAMPLES, report, "--history", str(history))  # replaces the line of the same day and commit
    lines = [json.loads(line) for line in history.read_text().splitlines()]
    assert [line["date"] for line in lines] == ["2025-01-01", "2025-11-30"]
    overview = blocks(page)["overview"]
    assert [point[0] for point in overview["history"]] == ["2025-01-01", "2025-11-30"]
    assert sum(lines[1]["levels"].values()) == sum(lines[1]["rules"].values()) == overview["total"]


def test_an_invalid_history_is_reported(tmp_path: Path) -> None:
    (tmp_path / "history.jsonl").write_text("{}\n")
    result = patternlint(
        "report", "-o", tmp_path / "r.html", "--history", tmp_path / "history.jsonl", cwd=EXAMPLES, env=DAY
    )
    assert "history.jsonl:1: invalid line" in result.err


def test_without_a_report_the_history_stays(tmp_path: Path) -> None:
    history = tmp_path / "history.jsonl"
    result = patternlint("report", "--history", history, "--format", "dot", "--pattern", "nobody", cwd=EXAMPLES)
    assert (result.code, history.exists()) == (ERROR, False)
    write_report(EXAMPLES, tmp_path / "report.html", "--history", str(history))
    before = history.read_bytes()
    link = tmp_path / "link.jsonl"
    link.symlink_to(history)
    for name in (history, link):
        result = patternlint("report", "-o", name, "--history", history, cwd=EXAMPLES)
        assert result.err == f"patternlint: --history and --output name the same file: {name}\n"
        assert (result.code, history.read_bytes()) == (ERROR, before)


def test_a_history_that_cannot_be_written_is_reported_before_the_report_is(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    page = tmp_path / "report.html"
    for options in (("--history", folder, "-o", page), ("-o", folder)):
        result = patternlint("report", *options, cwd=EXAMPLES)
        assert (result.code, result.err) == (
            ERROR,
            f"patternlint: cannot write the report to {folder}: Is a directory\n",
        )
    assert not page.exists()


def test_a_folder_that_cannot_be_written_to_is_reported_before_the_report_is(tmp_path: Path) -> None:
    locked = Path("/proc")  # not even the superuser can create files there
    page = tmp_path / "report.html"
    for options in (("--history", locked / "history.jsonl", "-o", page), ("-o", locked / "report.html")):
        result = patternlint("report", *options, cwd=EXAMPLES)
        assert (result.code, result.out) == (ERROR, "")
        assert result.err.startswith("patternlint: cannot write the report to /proc/")
        assert result.err.count("\n") == 1
    assert not page.exists()


@pytest.mark.parametrize("text", ["", "---\n", "# Bread\n"])
def test_a_file_without_a_known_specification_has_no_report(text: str, tmp_path: Path) -> None:
    (tmp_path / "bread.md").write_text(text)
    result = patternlint("report", "bread.md", cwd=tmp_path)
    assert (result.code, result.out) == (ERROR, "")
    assert result.err.startswith("patternlint: no pattern")
    assert [path.name for path in tmp_path.iterdir()] == ["bread.md"]


def test_findings_since_the_baseline(tmp_path: Path) -> None:
    (tmp_path / "patternlint.toml").touch()
    (tmp_path / "bread.md").write_text(pattern_text(), encoding="utf-8")
    assert patternlint("baseline", "write", cwd=tmp_path).code == OK
    text = pattern_text().replace("ontology: {}", "ontology: {}\nrelationships:\n  enables:\n    - slug: nobody\n")
    (tmp_path / "bread.md").write_text(text.replace("pat_1", "pat_01khvcxc0teyfbpedy2zwpm1sa"), encoding="utf-8")
    found = blocks(write_report(tmp_path, tmp_path / "report.html"))
    since = {rule: counts for rule, *counts in found["overview"]["since"]}
    assert since["dangling-target"] == [0, 1, 0]
    assert since["id-format"] == [0, 0, 1]
    causes = {(rule, about): counts for rule, about, *counts in found["overview"]["sinceCauses"]}
    assert causes["dangling-target", "nobody"] == [1, 0]
    for at in range(2):
        assert sum(counts[at] for counts in causes.values()) == sum(counts[at + 1] for counts in since.values())
    assert sum(counts[0] + counts[1] for counts in since.values()) == found["overview"]["total"]
    assert sum(found["findings"]["new"]) == sum(counts[1] for counts in since.values())
