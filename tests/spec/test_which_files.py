"""Which files follow a spec: by path, by the values of their front matter, and with or without front matter."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from patternlint.spec.loader import load_specs
from tests.support.command import FINDINGS, OK, patternlint

CONFIG = 'specs = ["spec"]\nbuiltin-specs = false\nselect = ["schema", "file"]\nignore = ["body-empty"]\n'


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in ({"patternlint.toml": CONFIG} | files).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def spec(more: str, groups: str = '[[groups]]\nname = "page"\n') -> str:
    return f'version = "t"\ntitle = "T"\n{more}\n{groups}'


def checked(folder: Path) -> tuple[dict[str, int], list[str]]:
    """Return the number of records of each spec, and the findings: `path:line: rule`."""
    result = patternlint("--no-cache", "--output-format", "json", cwd=folder)
    assert result.code in (OK, FINDINGS), result.err
    shown: dict[str, Any] = json.loads(result.out)
    return shown["summary"]["patterns"], [f"{one['path']}:{one['line']}: {one['rule']}" for one in shown["findings"]]


SCHEMA = '{"properties": {"title": {"type": "string"}, "status": {}}}'


def test_files_follow_a_spec_by_their_path(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        {
            "spec/spec.toml": spec('files = ["adr/*.md", "guide/**/*.mdx"]'),
            "spec/page.schema.json": SCHEMA,
            "adr/0001.md": "---\ntitle: 1\n---\n",
            "adr/deep/0002.md": "---\ntitle: 2\n---\n",
            "guide/a/b.mdx": "---\ntitle: 3\n---\n",
            "guide/a/c.md": "---\ntitle: 4\n---\n",
            "README.md": "---\ntitle: 5\n---\n",
        },
    )
    assert checked(folder) == ({"t": 2}, ["adr/0001.md:2: wrong-type", "guide/a/b.mdx:2: wrong-type"])


def test_paths_are_relative_to_the_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(
        tmp_path,
        {
            "spec/spec.toml": spec('files = ["adr/*.md"]'),
            "spec/page.schema.json": SCHEMA,
            "adr/adr/0001.md": "---\ntitle: 1\n---\n",
            "adr/0002.md": "---\ntitle: 2\n---\n",
        },
    )
    assert checked(folder / "adr") == ({"t": 1}, ["0002.md:2: wrong-type"])


def test_the_path_decides_before_the_configured_spec_and_before_the_mark(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        {
            "patternlint.toml": 'specs = ["spec", "other"]\nspec = "other"\npatterns = ["**/*.md"]\nselect = ["schema"]\n',
            "spec/spec.toml": spec('files = ["adr/*.md"]'),
            "spec/page.schema.json": SCHEMA,
            "other/spec.toml": 'version = "other"\ntitle = "Other"\nmark = { any-key = ["title"] }\n[[groups]]\nname = "page"\n',
            "other/page.schema.json": SCHEMA,
            "adr/0001.md": "---\ntitle: a\n---\n",
            "b.md": "---\ntitle: b\n---\n",
        },
    )
    assert checked(folder) == ({"other": 1, "t": 1}, [])


def test_a_spec_applies_to_the_records_with_certain_values_only(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        {
            "patternlint.toml": CONFIG.replace('["spec"]', '["spec", "moved"]'),
            "spec/spec.toml": spec('files = ["*.md"]\nwhere = { status = ["Draft", "Final"], "more.kind" = 1 }'),
            "spec/page.schema.json": SCHEMA.replace('"status"', '"more": {}, "status"'),
            "moved/spec.toml": spec('files = ["*.md"]\nwhere = { status = "Moved" }').replace('"t"', '"moved"'),
            "moved/page.schema.json": '{"properties": {"status": {}}}',
            "a.md": "---\ntitle: 1\nstatus: Draft\nmore: {kind: 1}\n---\n",
            "b.md": "---\ntitle: 1\nstatus: [Final, Moved]\nmore: {kind: 1}\n---\n",
            "c.md": "---\nstatus: Moved\nother: 1\n---\n",
            "d.md": "---\ntitle: 1\nstatus: Draft\nmore: {kind: true}\n---\n",
            "e.md": "---\ntitle: 1\n---\n",
            "f.md": "---\ntitle: [\n---\n",
        },
    )
    counts, found = checked(folder)
    assert counts == {"moved": 2, "t": 2}
    assert found == [
        "a.md:2: wrong-type",
        "b.md:2: unknown-key",
        "b.md:4: unknown-key",
        "c.md:3: unknown-key",
        "f.md:2: yaml-syntax",
    ]


def test_a_variant_extends_the_spec_whose_files_it_shares(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        {
            "patternlint.toml": CONFIG.replace('["spec"]', '["spec", "moved"]'),
            "spec/spec.toml": spec('files = ["*.md"]'),
            "spec/page.schema.json": SCHEMA.replace("}}}", '}}, "required": ["title"]}'),
            "moved/spec.toml": 'version = "moved"\ntitle = "Moved"\nextends = "t"\nwhere = { status = "Moved" }\n',
            "moved/page.schema.json": '{"properties": {"title": null}}',
            "a.md": "---\nstatus: Draft\n---\n",
            "b.md": "---\nstatus: Moved\n---\n",
        },
    )
    assert checked(folder) == ({"moved": 1, "t": 1}, ["a.md:1: missing-key"])


BARE = "# A title\n\nSome text <!-- patternlint: ignore[yaml-syntax] nothing is here -->.\n"


@pytest.mark.parametrize(
    ("mode", "text", "found"),
    [
        ("required", BARE, ["a.md:1: front-matter-opening"]),
        ("required", "---\ntitle: a\n", ["a.md:1: yaml-syntax"]),
        ("optional", BARE, ["a.md:3: unused-suppression"]),
        ("optional", "---\ntitle: 1\n---\n", ["a.md:2: wrong-type"]),
        ("optional", "---\nstatus: a\n---\n", ["a.md:1: missing-key"]),
        ("optional", "---\n\nA line above.\n", []),
        ("none", BARE, ["a.md:3: unused-suppression"]),
        ("none", "---\ntitle: 1\n---\n", []),
        ("none", "", []),
    ],
)
def test_front_matter_is_required_or_optional_or_not_there(
    tmp_path: Path, mode: str, text: str, found: list[str]
) -> None:
    schema = SCHEMA.replace("}}}", '}}, "required": ["title"]}')
    files = {"spec/spec.toml": spec(f'files = ["*.md"]\nfront-matter = "{mode}"'), "spec/page.schema.json": schema}
    folder = write(tmp_path, {**files, "a.md": text})
    assert checked(folder)[1] == found


@pytest.mark.parametrize("text", [BARE, "", "\n\n", "---\n", "# A\n\n---\n\n## B", "\ufeff# A\n", "- a\n- b\n\n> c\n"])
@pytest.mark.parametrize("mode", ["optional", "none"])
def test_all_rules_accept_files_without_front_matter(tmp_path: Path, mode: str, text: str) -> None:
    toml = 'version = "t"\ntitle = "T"\nextends = "7.1"\nfiles = ["*.md"]\n'
    folder = write(tmp_path, {"spec/spec.toml": f'{toml}front-matter = "{mode}"\n', "a.md": text, "b.md": text})
    (folder / "patternlint.toml").write_text('specs = ["spec"]\nselect = ["ALL"]\n')
    rules = {one.rpartition(" ")[2] for one in checked(folder)[1]}
    assert not rules & {"internal-error", "missing-key"}
    before = {path: path.read_text() for path in folder.glob("*.md")}
    assert patternlint("--no-cache", "--fix", "--unsafe-fixes", cwd=folder).code in (OK, FINDINGS)
    assert all(path.read_text().strip().startswith(text.strip()[:3]) for path in before)


@pytest.mark.parametrize(
    ("glob", "is_refused"),
    [("a/*.md", False), ("**", False), ("a/", False), ("A.MDX", False), ("a.b/*", False), ("!x.*", False), ("*.qmd", True), ("*.{md,mdx}", True)],
)  # fmt: skip
def test_a_glob_that_matches_no_markdown_is_refused(tmp_path: Path, glob: str, *, is_refused: bool) -> None:
    files = {"spec/spec.toml": spec(f'files = ["{glob}"]'), "spec/page.schema.json": SCHEMA, "a.md": "---\n---\n"}
    message = patternlint("--no-cache", cwd=write(tmp_path, files)).err
    expected = (
        f"spec.toml:3: `{glob}` in `files` matches no file: only files that end in .md, .markdown, .mdx are checked"
    )
    assert (expected in message) == is_refused


def test_variants_come_before_the_specs_without_conditions(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "a/spec.toml": 'version = "a"\ntitle = "A"\nfiles = ["*.md"]\n',
            "b/spec.toml": 'version = "b"\ntitle = "B"\nfiles = ["*.md"]\nwhere = { x = 1 }\nmark = { rank = 9 }\n',
        },
    )
    specs = load_specs([tmp_path / "a", tmp_path / "b"], built_in=False)
    assert [one.version for one in specs.all] == ["b", "a"]
