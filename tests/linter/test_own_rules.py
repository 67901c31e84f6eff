"""A rule of the project that is wrong is one finding with its own file and line, and `patternlint test` finds it too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from patternlint.linter.registry import built_in_rules
from tests.support.command import ERROR, FINDINGS, OK, patternlint

_RULE = '''\
import sys

from patternlint.rule import Diagnostic, Example, LibraryRule, Rule, Severity


class Own({base}):
    """It is right."""

    name = "own"
    severity = Severity.WARNING
    why = "A test."
    bad = (Example("slug: «é»\\n"),)
    good = (Example("slug: e\\n"),)

    def check(self, subject):
{body}
'''
LINE = 16
"""The first line of the body."""
AT = "        yield self.at(subject, subject.front.root.span, 'é'"

MISTAKES = {
    "yields-none": ("        yield None", "yielded `None` instead of a diagnostic"),
    "yields-text": ("        yield 'wrong'", "yielded `'wrong'` instead of a diagnostic"),
    "raises": ("        raise ValueError('odd\\nindeed')\n        yield", "raised ValueError: odd"),
    "exits": ("        sys.exit(0)\n        yield", "raised SystemExit: 0"),
    "raises-base": ("        raise BaseException('x')\n        yield", "raised BaseException: x"),
    "raises-generator-exit": ("        raise GeneratorExit\n        yield", "raised GeneratorExit"),
    "prints": ("        print('{}')\n        yield from ()", "printed to standard output"),
    "help-is-none": (f"{AT}, help=None)", "yielded an invalid diagnostic: `help` must be text, not "),
    "message-is-none": (
        "        yield self.at(subject, None, None)",
        "yielded an invalid diagnostic: `message` must be text, not ",
    ),
    "labels-are-text": (f"{AT}, labels=('x',))", "raised AttributeError: 'str' object has no attribute 'path'"),
    "fix-is-text": (f"{AT}, fix='x')", "yielded an invalid diagnostic: `fix` must be a table or nothing, not text"),
    "subject-cannot-be-stored": (f"{AT}, subject=chr(0xD800))", "yielded an invalid diagnostic: "),
    "recursion": ("        yield from self.check(subject)", "raised RecursionError: "),
}


def project(folder: Path, body: str, *, base: str = "Rule", files: int = 3) -> Path:
    (folder / "lint").mkdir()
    (folder / "lint" / "own.py").write_text(_RULE.format(base=base, body=body), encoding="utf-8")
    (folder / "patternlint.toml").write_text('rules = ["lint"]\n', encoding="utf-8")
    for number in range(files):
        text = f'---\nslug: p-{number}\ntitle: "Café"\nontology: {{}}\n---\n'
        (folder / f"p-{number}.md").write_text(text, encoding="utf-8")
    return folder


def found_in(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    done = patternlint("--output-format", "json", *arguments, cwd=folder)
    assert done.code == FINDINGS, done.err
    found: list[dict[str, Any]] = json.loads(done.out)["findings"]
    return found


@pytest.mark.parametrize("name", MISTAKES)
def test_a_rule_that_is_wrong_is_one_finding_with_its_file_and_line(name: str, tmp_path: Path) -> None:
    body, words = MISTAKES[name]
    found = found_in(project(tmp_path, body))
    [broken] = [one for one in found if one["rule"] == "broken-rule"]
    assert broken["message"].startswith(f"rule `own` {words}")
    assert broken["message"].endswith(f" (lint/own.py:{LINE})")
    assert broken["path"] == "p-0.md"
    assert [(one["path"], one["line"]) for one in broken["labels"]] == [("lint/own.py", LINE)]
    assert {one["path"] for one in found if one["rule"] == "missing-key"} == {"p-0.md", "p-1.md", "p-2.md"}
    assert [one for one in found if one["rule"] == "own"] == []


@pytest.mark.parametrize("name", MISTAKES)
def test_the_test_command_finds_a_rule_that_is_wrong(name: str, tmp_path: Path) -> None:
    body, words = MISTAKES[name]
    done = patternlint("test", cwd=project(tmp_path, body))
    assert done.code == FINDINGS
    assert words in done.out
    assert f"lint/own.py:{LINE}" in done.out
    assert "Traceback" not in done.out + done.err


@pytest.mark.parametrize("name", [one for one in MISTAKES if AT not in MISTAKES[one][0]])
def test_a_library_rule_that_is_wrong_is_one_finding_with_its_file_and_line(name: str, tmp_path: Path) -> None:
    body, words = MISTAKES[name]
    folder = project(tmp_path, body.replace("subject, None", "subject.entries[0], None"), base="LibraryRule")
    for _ in range(2):  # the second time with a cache
        [broken] = [one for one in found_in(folder) if one["rule"] == "broken-rule"]
        assert broken["message"].startswith(f"rule `own` {words}")
        assert broken["message"].endswith(f" (lint/own.py:{LINE})")


def test_a_rule_that_returns_nothing_is_one_finding(tmp_path: Path) -> None:
    [broken] = [one for one in found_in(project(tmp_path, "        return")) if one["rule"] == "broken-rule"]
    assert (
        broken["message"]
        == f"rule `own` returned `None` from `check` instead of yielding diagnostics (lint/own.py:{LINE - 1})"
    )


@pytest.mark.parametrize("severity", ['"warning"', "2", "None.__class__"])
def test_a_severity_that_is_none_is_one_finding_with_its_file_and_line(severity: str, tmp_path: Path) -> None:
    folder = project(tmp_path, f"{AT})")
    rule = folder / "lint" / "own.py"
    rule.write_text(rule.read_text(encoding="utf-8").replace("Severity.WARNING", severity), encoding="utf-8")
    for form in ("json", "sarif", "text", "junit", "markdown"):
        assert patternlint("--output-format", form, cwd=folder).code == FINDINGS
    [broken] = [one for one in found_in(folder) if one["rule"] == "broken-rule"]
    assert broken["message"].startswith("rule `own` sets `severity` to ")
    assert broken["message"].endswith(" instead of a `Severity` such as `Severity.WARNING` (lint/own.py:10)")
    done = patternlint("test", cwd=folder)
    assert done.code == FINDINGS
    assert "lint/own.py:10" in done.out
    assert patternlint("rules", cwd=folder).code == OK


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("sys.exit(0)", "SystemExit: 0 (lint/own.py:2)"),
        ("raise BaseException('x')", "BaseException: x (lint/own.py:2)"),
        ("raise GeneratorExit", "GeneratorExit (lint/own.py:2)"),
        ("print(1)", "printed to standard output"),
        ("1 / 0", "ZeroDivisionError: division by zero (lint/own.py:2)"),
    ],
)
def test_a_rule_that_cannot_be_loaded_is_one_sentence(line: str, words: str, tmp_path: Path) -> None:
    folder = project(tmp_path, f"{AT})")
    rule = folder / "lint" / "own.py"
    rule.write_text(rule.read_text(encoding="utf-8").replace("\nfrom", f"{line}\nfrom", 1), encoding="utf-8")
    for command in (("check",), ("test",), ("rules",)):
        done = patternlint(*command, cwd=folder)
        assert done.code == ERROR
        assert words in done.err
        assert done.err.count("\n") == 1
        assert done.out == ""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"A test."', "3", "has a `why` that is not text"),
        ('"own"', "3", "has a `name` that is not text"),
        ('(Example("slug: e\\n"),)', '"slug: e"', "has examples that are not a tuple of `Example`"),
        ("(Rule)", "(InternalErrorRule)", "has a base class for built-in rules only"),
    ],
)
def test_a_class_that_is_no_rule_is_one_sentence(old: str, new: str, words: str, tmp_path: Path) -> None:
    folder = project(tmp_path, f"{AT})")
    rule = folder / "lint" / "own.py"
    text = rule.read_text(encoding="utf-8").replace(
        "from", "from patternlint.rule.internal import InternalErrorRule\nfrom", 1
    )
    rule.write_text(text.replace(old, new, 1), encoding="utf-8")
    done = patternlint(cwd=folder)
    assert done.code == ERROR
    assert words in done.err
    assert done.err.count("\n") == 1


# --- Levels and selection ---------------------------------------------------------------------------------------------


def test_rules_about_failures_are_enabled_whatever_is_selected_and_can_be_disabled(tmp_path: Path) -> None:
    folder = project(tmp_path, "        yield None")
    config = folder / "patternlint.toml"
    plain = config.read_text(encoding="utf-8")
    config.write_text(f"{plain}limits = {{ file-size = 70, line-length = 20 }}\n", encoding="utf-8")
    (folder / "large.md").write_text(f"---\nslug: large\n---\n{'x ' * 60}", encoding="utf-8")
    (folder / "long.md").write_text(f"---\nslug: {'x' * 30}\n---\n", encoding="utf-8")
    places = {"broken-rule": ("p-0.md", 1), "file-too-large": ("large.md", 1), "line-too-long": ("long.md", 2)}

    def rules(*arguments: str) -> dict[str, tuple[str, int]]:
        found = json.loads(patternlint("--output-format", "json", *arguments, cwd=folder).out)["findings"]
        return {one["rule"]: (one["path"], one["line"]) for one in found if one["rule"] in places}

    assert rules("--select", "own") == places
    for name, place in places.items():
        assert rules("--select", f"own,{name}") == places
        assert rules("--select", "own", "--ignore", name).keys() == places.keys() - {name}
        assert rules("--select", "own", "--level", f"{name}=off").keys() == places.keys() - {name}
        assert rules("--select", "own", "--per-file-ignores", f"{place[0]}:{name}").get(name) != place


def test_every_failure_has_a_rule_of_its_own() -> None:
    names = {info.name for info in built_in_rules() if info.scope == "run"}
    assert {"broken-rule", "slow-rule", "unreadable-file", "file-too-large", "line-too-long"} < names
