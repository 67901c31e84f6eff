"""A rule that does not come to an end is stopped, and says so; everything else goes on."""

from __future__ import annotations

import json
import signal
import threading
from pathlib import Path
from typing import Any

import pytest
from command import FINDINGS, patternlint

from patternlint.run import learn
from patternlint.watch import watching

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no such timers")

_RULE = """\
from __future__ import annotations

import re
from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, {scope}, Severity


class Endless({base}, frozen=True):
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


def test_a_rule_that_loops_becomes_a_finding_and_the_others_speak(tmp_path: Path) -> None:
    folder = project(tmp_path, _LOOP)
    before = signal.getsignal(signal.SIGALRM)
    found = findings(folder)
    [stopped] = [one for one in found if one["rule"] == "internal-error"]
    assert stopped["path"] == "endless.md"
    assert stopped["message"] == "the rule `endless` was stopped: it took longer than 0.2 seconds for this file"
    assert "limits.rule-time" in stopped["help"]
    assert [one for one in found if one["rule"] == "endless"] == []
    assert {one["path"] for one in found if one["rule"] == "missing-key"} == {"endless.md", "other.md"}
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_a_file_on_which_a_rule_was_stopped_is_looked_at_again(tmp_path: Path) -> None:
    folder = project(tmp_path, _LOOP)
    assert findings(folder) == findings(folder)


def test_a_regular_expression_that_never_ends_is_stopped(tmp_path: Path) -> None:
    folder = project(tmp_path, '        re.match(r"(a+)+$", "a" * 200 + "b")\n        yield from ()\n')
    assert {one["path"] for one in findings(folder) if "was stopped" in one["message"]} == {"endless.md", "other.md"}


def test_a_rule_of_the_library_has_ten_times_as_long(tmp_path: Path) -> None:
    folder = project(tmp_path, "        while True:\n            pass\n        yield\n", library=True, time=0.05)
    [stopped] = [one for one in findings(folder) if one["rule"] == "internal-error"]
    assert stopped["message"] == "the rule `endless` was stopped: it took longer than 0.5 seconds for the library"


def test_workers_stop_rules_too(tmp_path: Path) -> None:
    folder = project(tmp_path, _LOOP)
    for number in range(learn.WORTH_A_POOL):
        (folder / f"more-{number}.md").write_text(_PATTERN.format(slug=f"more-{number}"), encoding="utf-8")
    found = findings(folder, "--jobs", "2", "--select", "internal-error,endless")
    assert [(one["path"], one["rule"]) for one in found] == [("endless.md", "internal-error")]


def test_outside_of_the_main_thread_nothing_is_watched() -> None:
    heard: list[object] = []

    def look() -> None:
        with watching(0.01):
            heard.append(signal.getitimer(signal.ITIMER_REAL))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert heard == [(0.0, 0.0)]
