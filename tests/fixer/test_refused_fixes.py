"""What `--fix` leaves out, and that it applies everything else."""

from __future__ import annotations

import json
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest

from tests.support.command import OK, patternlint, process
from tests.support.repository import EXAMPLES

RULE = """\
from typing import Annotated

from patternlint.rule import DeclaredChange, Diagnostic, Example, Fix, Meta, Replacement, Rule, Safety, Severity


class Rewrite(Rule):
    \"\"\"A value is the one that the options say.\"\"\"

    name = "rewrite"
    severity = Severity.INFO
    why = "For the test."
    bad = (Example("title: «Food»\\n", "title: Fish\\n", options={"key": "title", "value": "Fish"}),)
    good = (Example("title: Fish\\n"),)

    key: Annotated[str, Meta(description="The key.")] = "none"
    value: Annotated[str, Meta(description="What is written.")] = ""
    declared: Annotated[bool, Meta(description="Whether the fix declares what it changes.")] = True

    def check(self, pattern):
        node = pattern.get(self.key)
        if node is not None and node.value != self.value:
            changes = (DeclaredChange((self.key,)),) if self.declared else ()
            fix = Fix(f"write `{self.value}`", Safety.SAFE, (Replacement(node.span, self.value),), changes)
            yield self.at(pattern, node.span, "another value", route=(self.key,), fix=fix)
"""


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Two patterns, of which the repair café links to the tool library, and an own rule `rewrite`."""
    for name in ("shared-tool-library", "repair-cafe"):
        text = (EXAMPLES / f"{name}.md").read_text(encoding="utf-8")
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    (tmp_path / "own" / "own").mkdir(parents=True)
    (tmp_path / "own" / "own" / "rewrite.py").write_text(RULE, encoding="utf-8")
    return tmp_path


def configure(folder: Path, options: str) -> None:
    settings = f'rules = ["own"]\nexclude = ["own"]\n[options.rewrite]\n{options}\n'
    (folder / "patternlint.toml").write_text(settings, encoding="utf-8")


def found(*arguments: str | Path, cwd: Path) -> dict[tuple[str, str], Any]:
    """The findings of a run by path and rule."""
    result = patternlint(*arguments, "--no-cache", "--output-format", "json", cwd=cwd)
    return {(one["path"], one["rule"]): one for one in json.loads(result.out)["findings"]}


def test_a_fix_that_cannot_be_applied_is_left_out_and_the_others_are_applied(library: Path) -> None:
    configure(library, 'key = "title"\nvalue = "Tools"\ndeclared = false')
    path = library / "shared-tool-library.md"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace("\n---\n", "   \n---\n", 1), encoding="utf-8")
    findings = found("--fix", cwd=library)
    assert path.read_text(encoding="utf-8") == before
    refused = findings["shared-tool-library.md", "refused-fix"]
    assert (refused["level"], refused["route"]) == ("warning", "title")
    assert refused["message"] == (
        "fix of `rewrite` (write `Tools`) was not applied: it would change `title`, which it does not declare"
    )
    assert findings["shared-tool-library.md", "rewrite"]["fix"] is None  # no promise that was just broken
    assert not [one for one in findings if one[1] == "internal-error"]


def test_a_refused_fix_alone_does_not_fail_the_run(library: Path) -> None:
    configure(library, 'key = "title"\nvalue = "Tools"\ndeclared = false')
    (library / "repair-cafe.md").unlink()
    arguments = ("shared-tool-library.md", "--no-cache", "--select", "rewrite")
    assert patternlint(*arguments, cwd=library).code == OK
    assert patternlint(*arguments, "--fix", cwd=library).code == OK


@pytest.mark.parametrize("flags", [(), ("--select", "rewrite"), ("--ignore", "dangling-target")])
@pytest.mark.parametrize("targets", [(), ("shared-tool-library.md",)])
def test_no_fix_adds_a_finding_to_another_file_whatever_is_selected(
    library: Path, flags: tuple[str, ...], targets: tuple[str, ...]
) -> None:
    configure(library, 'key = "slug"\nvalue = "tools"')
    edit = library / "repair-cafe.md"
    edit.write_text(edit.read_text(encoding="utf-8").replace("slug: repair-cafe\n", "slug: tools\n"), encoding="utf-8")
    before = {path.name: path.read_bytes() for path in library.glob("*.md")}
    findings = found(*targets, "--fix", *flags, cwd=library)
    assert {path.name: path.read_bytes() for path in library.glob("*.md")} == before
    assert findings["shared-tool-library.md", "refused-fix"]["message"].startswith("fix of `rewrite` (write `tools`)")


def test_a_selected_fix_is_judged_by_every_enabled_rule(library: Path) -> None:
    configure(library, 'key = "license"\nvalue = "MIT"')
    before = (library / "repair-cafe.md").read_bytes()
    findings = found("repair-cafe.md", "--fix", "--select", "rewrite", cwd=library)
    assert (library / "repair-cafe.md").read_bytes() == before
    assert "invalid-enum" in findings["repair-cafe.md", "refused-fix"]["message"]
    assert ("repair-cafe.md", "invalid-enum") not in findings


def test_an_editor_gets_the_rejected_fixes(library: Path) -> None:
    configure(library, 'key = "license"\nvalue = "MIT"')
    path = library / "repair-cafe.md"
    text = path.read_text(encoding="utf-8")
    untidy = text.replace("\n---\n", "   \n---\n", 1)
    arguments = ("--fix", "--select", "rewrite,trailing-space", "--stdin-filename", path.name)
    with process(*arguments, "--no-cache", cwd=library, stdin=PIPE, stdout=PIPE, stderr=PIPE) as running:
        out, err = running.communicate(untidy.encode(), timeout=60)
    assert out.decode() == text
    assert b"refused-fix" in err


def test_refused_fix_can_be_ignored(library: Path) -> None:
    configure(library, 'key = "license"\nvalue = "MIT"')
    findings = found("repair-cafe.md", "--fix", "--ignore", "refused-fix", cwd=library)
    assert ("repair-cafe.md", "refused-fix") not in findings
