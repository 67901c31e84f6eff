from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patternlint.diagnostics.fix import Safety
from patternlint.editor.actions import Edits, actions, near_slugs
from patternlint.editor.rename import rename_edits
from patternlint.edits.apply import apply_edits
from patternlint.errors import UserError
from patternlint.server.workspace import Document, Files, Workspace
from patternlint.source import Span
from tests.support.command import patternlint
from tests.support.repository import EXAMPLES, Repository, environment, example_library

_FILE = "rain-garden-street.md"
_HUB = "neighbourhood-assembly"


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    repository = example_library(tmp_path / "library")
    monkeypatch.chdir(repository.top)
    return repository


def opened(workspace: Workspace, path: Path, text: str | None = None) -> Document:
    uri = path.as_uri()
    workspace.open(uri, 1, path.read_text(encoding="utf-8") if text is None else text)
    return workspace.documents[uri]


def rules(workspace: Workspace, document: Document) -> list[tuple[str, int]]:
    return [(finding.rule, finding.region.line) for finding in workspace.diagnostics(document)]


def found(workspace: Workspace, document: Document) -> list[tuple[str, Span, str]]:
    """Return the findings without their help, which may suggest any pattern."""
    return [(finding.rule, finding.span, finding.message) for finding in workspace.diagnostics(document)]


def reported(folder: Path, *arguments: str) -> Mapping[str, list[tuple[str, int]]]:
    """Return the findings of the command line by file name."""
    out = patternlint(*arguments, "--output-format", "json", cwd=folder).out
    found: dict[str, list[tuple[str, int]]] = {}
    for finding in json.loads(out)["findings"]:
        found.setdefault(finding["path"], []).append((finding["rule"], finding["line"]))
    return found


def texts_after(workspace: Workspace, document: Document, edits: Edits) -> dict[str, str]:
    session = workspace.library(document).session
    found = {}
    for path, some in edits.items():
        source = session.source(path)
        assert source is not None
        found[path] = apply_edits(source.text, some)
    return found


def test_findings_are_those_of_the_command_line(library: Repository) -> None:
    expected = reported(library.top)
    workspace = Workspace("utf-16")
    for path in sorted(library.top.glob("*.md")):
        assert rules(workspace, opened(workspace, path)) == expected.get(path.name, []), path.name


def test_findings_follow_the_text_while_it_is_typed(library: Repository) -> None:
    workspace = Workspace("utf-16")
    document = opened(workspace, library.top / _FILE)
    text = library.read(_FILE)
    for count in range(0, len(text), 400):
        workspace.change(document.uri, count, text[:count])
    workspace.change(document.uri, 9, text.replace("neighbourhood-assemblage", _HUB))
    assert [rule for rule, _ in rules(workspace, document)] == ["section-missing"]
    assert workspace.version(document.uri) == 9


def test_a_change_counts_in_other_open_files_without_saving(library: Repository) -> None:
    workspace = Workspace("utf-16")
    one = opened(workspace, library.top / f"{_HUB}.md")
    other = opened(workspace, library.top / "bread-oven-square.md")
    opened(workspace, library.top / "mentor-bench.md")
    workspace.take_affected()
    before = rules(workspace, other)
    text = library.read(f"{_HUB}.md")
    workspace.change(one.uri, 2, text.replace(f"slug: {_HUB}", "slug: town-assembly"))
    assert workspace.take_affected() == [other]
    assert "dangling-target" in [rule for rule, _ in rules(workspace, other)]
    workspace.change(one.uri, 3, text)
    assert rules(workspace, other) == before


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 2)), max_size=8))
def test_an_editor_that_asks_again_where_it_must_shows_all_findings(
    library: Repository, steps: list[tuple[int, int, int]]
) -> None:
    workspace = Workspace("utf-16")
    names = (f"{_HUB}.md", "bread-oven-square.md", _FILE)
    documents = [opened(workspace, library.top / name) for name in names]
    texts = [library.read(name) for name in names]
    workspace.take_affected()
    shown = {one.uri: found(workspace, one) for one in documents}
    for version, (index, change, look) in enumerate(steps, 2):
        text = texts[index]
        variants = (
            text,
            text.replace("slug: ", "slug: x"),
            text.replace(_HUB, "town-assembly"),
            text[: len(text) // 4],
        )
        workspace.change(documents[index].uri, version, variants[change])
        shown[documents[index].uri] = found(workspace, documents[index])
        if look == 1:
            shown.update((one.uri, found(workspace, one)) for one in workspace.take_affected())
        elif look == 2:
            other = documents[(index + 1) % 3]
            shown[other.uri] = found(workspace, other)
    shown.update((one.uri, found(workspace, one)) for one in workspace.take_affected())
    fresh = Workspace("utf-16")
    for one in documents:
        fresh.open(one.uri, 1, workspace.text(one))
    assert shown == {one.uri: found(fresh, one) for one in documents}


def test_a_closed_file_is_again_what_is_on_disk(library: Repository) -> None:
    workspace = Workspace("utf-16")
    other = opened(workspace, library.top / "bread-oven-square.md")
    before = rules(workspace, other)
    one = opened(workspace, library.top / f"{_HUB}.md", "no pattern\n")
    assert rules(workspace, other) != before
    assert other in workspace.close(one.uri)
    assert rules(workspace, other) == before


def test_changes_on_disk_count(library: Repository) -> None:
    workspace = Workspace("utf-16")
    other = opened(workspace, library.top / "bread-oven-square.md")
    library.delete(f"{_HUB}.md")
    assert other in workspace.changed_on_disk([(library.top / f"{_HUB}.md").as_uri()])
    assert "dangling-target" in [rule for rule, _ in rules(workspace, other)]


def test_a_new_configuration_is_used_at_once(library: Repository) -> None:
    workspace = Workspace("utf-16")
    document = opened(workspace, library.top / _FILE)
    assert rules(workspace, document)
    library.add("patternlint.toml", 'ignore = ["ALL"]\n')
    workspace.close(document.uri)
    document = opened(workspace, library.top / _FILE)
    assert rules(workspace, document) == []
    library.add("patternlint.toml", 'ignore = ["dangling-target"]\n')
    workspace.changed_on_disk([(library.top / "patternlint.toml").as_uri()])
    assert [rule for rule, _ in rules(workspace, document)] == ["section-missing"]


def test_new_former_names_are_used_at_once(library: Repository) -> None:
    library.add("patternlint.toml", "")
    workspace = Workspace("utf-16")
    document = opened(workspace, library.top / _FILE)
    (target,) = [found.subject for found in workspace.diagnostics(document) if found.rule == "dangling-target"]
    library.add("redirects.toml", f'"{target}" = "small-circles"\n')
    assert document in workspace.changed_on_disk([(library.top / "redirects.toml").as_uri()])
    (help_after,) = [found.help for found in workspace.diagnostics(document) if found.rule == "dangling-target"]
    assert "is a former name of `small-circles`" in help_after


def test_an_invalid_configuration_is_reported_and_the_last_one_stays(library: Repository) -> None:
    problems: list[str] = []
    workspace = Workspace("utf-16", problems.append)
    library.add("patternlint.toml", 'ignore = ["dangling-target"]\n')
    document = opened(workspace, library.top / _FILE)
    library.add("patternlint.toml", 'ignroe = ["dangling-target"]\n')
    workspace.changed_on_disk([(library.top / "patternlint.toml").as_uri()])
    assert "ignroe" in problems[0]
    assert [rule for rule, _ in rules(workspace, document)] == ["section-missing"]


def test_a_file_outside_of_any_library_has_its_own_findings(tmp_path: Path) -> None:
    for path in EXAMPLES.glob("*.md"):
        shutil.copy(path, tmp_path)
    workspace = Workspace("utf-16")
    document = opened(workspace, tmp_path / _FILE)
    assert [rule for rule, _ in rules(workspace, document)] == ["section-missing"]
    workspace.close(document.uri)
    assert workspace.libraries == []


def test_a_file_that_is_not_saved_yet_belongs_to_its_library(library: Repository) -> None:
    workspace = Workspace("utf-16")
    text = library.read(_FILE).replace("rain-garden-street", "snow-garden-street")
    document = opened(workspace, library.top / "snow-garden-street.md", text)
    assert "dangling-target" in [rule for rule, _ in rules(workspace, document)]


def test_excluded_files_have_no_findings(library: Repository) -> None:
    library.add("patternlint.toml", f'exclude = ["{_FILE}"]\n')
    workspace = Workspace("utf-16")
    assert rules(workspace, opened(workspace, library.top / _FILE)) == []


def test_other_uris_are_not_opened() -> None:
    workspace = Workspace("utf-16")
    assert workspace.open("untitled:Untitled-1", 1, "") == ()
    assert workspace.change("untitled:Untitled-1", 2, "") == ()
    assert workspace.close("untitled:Untitled-1") == ()


# --- fixes and rename -------------------------------------------------------------------------------------------------


def test_fix_all_writes_what_the_command_line_writes(library: Repository) -> None:
    workspace = Workspace("utf-16")
    for name in (_FILE, "open-ledger-evening.md"):
        original = library.read(name)
        text = original.replace("\n\n# ═", "\n# ═", 1)
        library.add(name, text)
        document = opened(workspace, library.top / name)
        fixed = workspace.fixed(document)
        assert fixed != text
        patternlint("--fix", name, cwd=library.top)
        assert library.read(name) == fixed
        assert workspace.fixed(document, layout_only=True) == original


def test_each_fix_can_be_applied_alone(library: Repository) -> None:
    library.edit(_FILE, ("  enables: []\n", "  enables:   [ ]\n"))
    workspace = Workspace("utf-16")
    count = 0
    for name in (_FILE, "open-ledger-evening.md", "mentor-bench.md", "winter-kitchen.md"):
        document = opened(workspace, library.top / name)
        session = workspace.library(document).session
        view, findings = workspace.view(document), workspace.diagnostics(document)
        found = list(actions(view, findings, Files(session), partial(getattr, workspace.library(document), "names")))
        count += sum(one.safety is not None for one in found)
        for one in found:
            edits = one.edits()
            assert edits is not None
            assert one.is_preferred == (one.safety is Safety.SAFE)
            for path, text in texts_after(workspace, document, edits).items():
                session.put(path, text.encode())
            assert one.finding not in workspace.diagnostics(document), one.title
            workspace.change(document.uri, 2, library.read(name))
            for path in edits.keys() - {name}:
                session.drop(path)
    assert count > 4


def test_the_nearest_names_replace_an_unknown_one(library: Repository) -> None:
    library.edit(_FILE, ("neighbourhood-assemblage", "living-common-gardens"))
    workspace = Workspace("utf-16")
    document = opened(workspace, library.top / _FILE)
    view = workspace.view(document)
    names = workspace.library(document).names
    assert near_slugs(view, "living-common-gardens", names, ())[0] == "living-commons"
    findings = workspace.diagnostics(document)
    titles = [one.title for one in actions(view, findings, Files(workspace.library(document).session), lambda: names)]
    assert any("`living-commons`" in title for title in titles)


@pytest.mark.parametrize("is_saved", [True, False])
def test_rename_changes_what_the_command_line_changes(library: Repository, *, is_saved: bool) -> None:
    link = f"see [the assembly]({_HUB}.md) and [it]({_HUB}.md#problem)"
    text = library.read(_FILE).replace("neighbourhood-assemblage", _HUB) + f"\n{link}\n"
    if is_saved:
        library.add(_FILE, text)
    workspace = Workspace("utf-16")
    document = opened(workspace, library.top / _FILE, text)
    session = workspace.library(document).session
    entry = session.library().resolve(_HUB)
    assert entry is not None
    edits, renaming = rename_edits(Files(session).all(), entry, "town-assembly")
    assert renaming.moves
    after = texts_after(workspace, document, edits)
    library.add(_FILE, text)
    assert patternlint("rename", _HUB, "town-assembly", cwd=library.top).code == 0
    changed = {path.name: path.read_text(encoding="utf-8") for path in library.top.glob("*.md")}
    changed[f"{_HUB}.md"] = changed.pop("town-assembly.md")
    subprocess.run(["git", "checkout", "-q", "."], cwd=library.top, env=environment(), check=True)
    library.add(_FILE, text)
    before = {path.name: path.read_text(encoding="utf-8") for path in library.top.glob("*.md")}
    assert after == {name: text for name, text in changed.items() if text != before.get(name)}


def test_a_slug_that_is_taken_is_refused(library: Repository) -> None:
    workspace = Workspace("utf-16")
    document = opened(workspace, library.top / _FILE)
    session = workspace.library(document).session
    entry = session.library().resolve(_HUB)
    assert entry is not None
    for new in ("small-circles", "Small Circles", "404"):
        with pytest.raises(UserError):
            rename_edits(Files(session).all(), entry, new)


def test_a_name_that_links_cannot_contain_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spec").mkdir()
    (tmp_path / "patternlint.toml").write_text('builtin-specs = false\nspecs = ["spec"]\n', encoding="utf-8")
    (tmp_path / "spec" / "spec.toml").write_text(
        'version = "t"\ntitle = "T"\nfiles = ["*.md"]\n[identity]\nname = "number"\n'
        "[relationships]\ntypes = ['after']\nform = '^N([0-9]{2})$'\n"
        '[[groups]]\nname = "page"\nkeys = ["number", "after"]\n',
        encoding="utf-8",
    )
    (tmp_path / "spec" / "page.schema.json").write_text("{}", encoding="utf-8")
    (tmp_path / "one.md").write_text("---\nnumber: 10\nafter: []\n---\n", encoding="utf-8")
    (tmp_path / "two.md").write_text("---\nnumber: 20\nafter: [N10]\n---\n", encoding="utf-8")
    workspace = Workspace("utf-16")
    session = workspace.library(opened(workspace, tmp_path / "one.md")).session
    entry = session.library().resolve("10")
    assert entry is not None
    edits, _ = rename_edits(Files(session).all(), entry, "11")
    assert {path: len(some) for path, some in edits.items()} == {"one.md": 1, "two.md": 1}
    with pytest.raises(
        UserError, match=r"^two\.md cannot be changed: `1234` does not have the form of names in its links$"
    ):
        rename_edits(Files(session).all(), entry, "1234")


def test_findings_of_the_baseline_are_known(library: Repository) -> None:
    assert patternlint("baseline", "write", cwd=library.top).code == 0
    workspace = Workspace("utf-16")
    document = opened(workspace, library.top / _FILE, f"{library.read(_FILE)}\n\n\n\n\n")
    new = workspace.library(document).new(document.path, workspace.diagnostics(document))
    assert [finding.rule for finding in new] == ["final-newline"]
    assert len(workspace.diagnostics(document)) == 3


def test_a_file_has_its_own_findings_until_its_library_is_open(library: Repository) -> None:
    library.add("patternlint.toml", 'ignore = ["yaml-syntax"]\n')
    waiting: list[Callable[[], Sequence[Document]]] = []
    workspace = Workspace("utf-16", later=waiting.append)
    document = opened(workspace, library.top / _FILE)
    assert [rule for rule, _ in rules(workspace, document)] == ["section-missing"]
    other = opened(workspace, library.top / "seed-swap-day.md")
    assert rules(workspace, other) == []
    workspace.change(document.uri, 2, f"{library.read(_FILE)}\n\n")
    moved = [one.uri for change in waiting for one in change()]
    assert set(moved) == {document.uri, other.uri}
    found = [rule for rule, _ in rules(workspace, workspace.documents[document.uri])]
    assert found == ["dangling-target", "final-newline", "section-missing"]
    assert len(workspace.libraries) == 1
