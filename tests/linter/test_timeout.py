"""A rule that does not return is stopped and reported; all other rules run."""

from __future__ import annotations

import json
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from patternlint.linter.timeout import RULE_TIMER
from patternlint.rule.internal import RuleTimeout
from patternlint.run import analysis
from patternlint.source import Region, Source, Span
from tests.support.command import ERROR, FINDINGS, patternlint

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no such timers")

_RULE = """\
from __future__ import annotations

import re
from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, {scope}, Severity


class Endless({base}):
    \"\"\"It comes to an end.\"\"\"

    name = "endless"
    severity = Severity.INFO
    why = "A test."
    bad = (Example("slug: «a»\\n"),)
    good = (Example("slug: b\\n"),)

    def check(self, {argument}) -> Iterator[Diagnostic]:
{body}
"""
_LOOP = """\
        if "endless" in pattern.path:
            yield self.at(pattern, pattern.front.root.span, "found before it was stopped")
            try:
                while True:
                    pass
            except Exception:
                pass
"""
_PATTERN = '---\nslug: {slug}\ntitle: "Café"\nontology: {{}}\n---\n'


def project(folder: Path, body: str, *, library: bool = False, time: float = 0.2) -> Path:
    rules = folder / "lint" / "rules" / "own"
    rules.mkdir(parents=True)
    scope, base, argument = (
        ("Library, LibraryRule", "LibraryRule", "library: Library")
        if library
        else ("Pattern, Rule", "Rule", "pattern: Pattern")
    )
    (rules / "endless.py").write_text(
        _RULE.format(scope=scope, base=base, argument=argument, body=body), encoding="utf-8"
    )
    (folder / "patternlint.toml").write_text(
        f'rules = ["lint/rules"]\n[limits]\nrule-time = {time}\n', encoding="utf-8"
    )
    for slug in ("endless", "other"):
        (folder / f"{slug}.md").write_text(_PATTERN.format(slug=slug), encoding="utf-8")
    return folder


def findings(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    done = patternlint("--output-format", "json", *arguments, cwd=folder)
    assert done.code == FINDINGS, done.err
    found: list[dict[str, Any]] = json.loads(done.out)["findings"]
    return found


def test_a_rule_that_loops_becomes_a_finding_and_the_others_run(tmp_path: Path) -> None:
    folder = project(tmp_path, _LOOP)
    before = signal.getsignal(signal.SIGALRM)
    found = findings(folder)
    [stopped] = [one for one in found if one["rule"] == "slow-rule"]
    assert stopped["path"] == "endless.md"
    assert stopped["message"] == "rule `endless` was stopped: it took longer than 0.2 seconds for this file"
    assert "limits.rule-time" in stopped["help"]
    assert [one for one in found if one["rule"] == "endless"] == []
    assert {one["path"] for one in found if one["rule"] == "missing-key"} == {"endless.md", "other.md"}
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


_SLOW_ONCE = """\
        import pathlib
        flag = pathlib.Path({flag!r})
        while not flag.exists():
            pass
        yield from ()
"""


@pytest.mark.parametrize("library", [False, True])
@pytest.mark.parametrize("arguments", [(), ("--ignore", "slow-rule")])
def test_a_rule_that_was_stopped_is_tried_again_by_the_next_run(
    library: bool,  # noqa: FBT001 - a parameter of the test
    arguments: tuple[str, ...],
    tmp_path: Path,
) -> None:
    flag = tmp_path / "flag"
    body = _SLOW_ONCE.format(flag=str(flag)) + "        yield from map(self._look, [{subject}])\n"
    body = body.format(subject="*library.entries" if library else "pattern")
    body += "\n    def _look(self, one):\n        return self.at(one, None, 'seen')\n"
    (tmp_path / "library").mkdir()
    folder = project(tmp_path / "library", body, library=library, time=0.02)
    stopped = findings(folder, *arguments)
    assert [one for one in stopped if one["rule"] == "endless"] == []
    assert {one["rule"] for one in stopped} >= ({"slow-rule"} if not arguments else {"missing-key"})
    flag.touch()
    done = findings(folder, *arguments)
    assert [one["path"] for one in done if one["rule"] == "endless"] == ["endless.md", "other.md"]
    assert [one for one in done if one["rule"] == "slow-rule"] == []


@pytest.mark.parametrize("value", ["inf", "nan", "-1", "0", "1e-9", "0.009", "1e300", "86401"])
def test_a_time_that_no_timer_can_keep_is_refused_when_the_config_is_read(value: str, tmp_path: Path) -> None:
    (tmp_path / "patternlint.toml").write_text(f"limits = {{ rule-time = {value} }}\n", encoding="utf-8")
    done = patternlint(cwd=tmp_path)
    assert done.code == ERROR
    assert "`limits.rule-time` must be a number" in done.err
    assert done.err.count("\n") == 1


def test_a_rule_that_is_stopped_at_any_moment_moves_no_finding_of_another(tmp_path: Path) -> None:
    text = "---\nslug: other\n---\n" + "".join(f"## Heading {number}\n\n\nText.\n" for number in range(20))

    def regions(steps: int) -> tuple[list[Region], bool]:
        """Return the regions of a source after a rule was stopped at one of its steps, and whether it was."""
        source = Source("other.md", text.encode())
        left = steps

        def step(frame: FrameType, event: str, _: object) -> Any:
            nonlocal left
            frame.f_trace_opcodes = True
            if frame.f_code.co_filename == lines_file and event == "opcode":
                left -= 1
                if left == 0:
                    raise RuleTimeout
            return step

        before = sys.gettrace()
        sys.settrace(step)
        try:
            for start in range(0, len(text), 50):
                source.region(Span(start, start + 1))
        except RuleTimeout:
            pass
        finally:
            sys.settrace(before)
        return [source.region(Span(start, start + 1)) for start in range(0, len(text), 7)], steps > 0 and left <= 0

    lines_file = Source.region.__code__.co_filename
    right, _ = regions(0)
    steps = 1
    while (found := regions(steps))[1]:
        assert found[0] == right, steps
        steps += 1
    assert steps > 100


def test_a_regular_expression_that_never_ends_is_stopped(tmp_path: Path) -> None:
    folder = project(tmp_path, '        re.match(r"(a+)+$", "a" * 200 + "b")\n        yield from ()\n')
    assert {one["path"] for one in findings(folder) if "was stopped" in one["message"]} == {"endless.md", "other.md"}


def test_a_rule_of_the_library_has_ten_times_as_long(tmp_path: Path) -> None:
    folder = project(tmp_path, "        while True:\n            pass\n        yield\n", library=True, time=0.05)
    [stopped] = [one for one in findings(folder) if one["rule"] == "slow-rule"]
    assert stopped["message"] == "rule `endless` was stopped: it took longer than 0.5 seconds for the library"


def test_workers_stop_rules_too(tmp_path: Path) -> None:
    folder = project(tmp_path, _LOOP)
    for number in range(analysis.POOL_THRESHOLD):
        (folder / f"more-{number}.md").write_text(_PATTERN.format(slug=f"more-{number}"), encoding="utf-8")
    found = findings(folder, "--jobs", "2", "--select", "slow-rule,endless")
    assert [(one["path"], one["rule"]) for one in found] == [("endless.md", "slow-rule")]


def test_outside_of_the_main_thread_nothing_is_watched() -> None:
    events: list[object] = []

    def look() -> None:
        with RULE_TIMER.limit(0.01, library=False):
            events.append(signal.getitimer(signal.ITIMER_REAL))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert events == [(0.0, 0.0)]


def test_each_file_has_the_whole_limit_within_one_context_for_many() -> None:
    def tick(times: int) -> None:
        RULE_TIMER.rule = "a rule that each file runs"
        for _ in range(times):
            signal.raise_signal(signal.SIGALRM)
        RULE_TIMER.rule = None

    with RULE_TIMER.limit(60, library=False):
        for _ in range(3):
            with RULE_TIMER.limit(60, library=False):
                tick(2)
        with pytest.raises(RuleTimeout):
            tick(2)
        RULE_TIMER.rule = None
        assert signal.getitimer(signal.ITIMER_REAL)[1] == 30
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
