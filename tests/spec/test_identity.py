"""How records are called: names, titles and file names by `[identity]`, and the word for a record in messages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patternlint.document.identity import expected_stem, record_name
from patternlint.messages.phrases import plural
from patternlint.spec.model import Identity, Spec
from tests.support.command import FINDINGS, OK, patternlint

SCHEMA = (
    '{"properties": {"eip": {"type": "integer"}, "title": {"type": "string"}, "id": {}, "requires": {}, "slug": {}}}'
)


def write(folder: Path, spec: str, files: dict[str, str], schema: str = SCHEMA) -> Path:
    config = 'specs = ["spec"]\nbuiltin-specs = false\nselect = ["identity", "relationships"]\n'
    head = 'version = "t"\ntitle = "T"\nfiles = ["**/*.md"]\nnoun = "proposal"\n'
    everything = {
        "patternlint.toml": config,
        "spec/spec.toml": f'{head}{spec}\n[[groups]]\nname = "page"\n',
        "spec/page.schema.json": schema,
    }
    for name, text in (everything | files).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def found(folder: Path) -> list[str]:
    """Return the findings: `path:line: rule: message`."""
    result = patternlint("--no-cache", "--output-format", "json", cwd=folder)
    assert result.code in (OK, FINDINGS), result.err
    shown: list[dict[str, Any]] = json.loads(result.out)["findings"]
    return [f"{one['path']}:{one['line']}: {one['rule']}: {one['message']}" for one in shown]


LINKS = '[relationships]\ntypes = ["requires"]\nacyclic = ["requires"]\n'


def page(**values: Any) -> str:
    return f"---\n{''.join(f'{key}: {json.dumps(value)}' + chr(10) for key, value in values.items())}---\n\nText.\n"


def test_a_name_in_a_key_may_be_a_number_and_is_the_target_of_links(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        f'[identity]\nname = "eip"\nfile = "eip-{{eip}}"\n{LINKS}',
        {
            "eip-1.md": page(eip=1, title="A", requires=["2", "9"]),
            "eip-2.md": page(eip=2, title="B", requires=["1"]),
            "eip-33.md": page(eip=3, title="B", requires=["3"]),
            "copy.md": page(eip=3, title="C", requires=["1"], id="ADR-1"),
        },
    )
    assert found(folder) == [
        "copy.md:2: duplicate-slug: duplicate eip `3`, also in `eip-33.md`",
        "copy.md:2: slug-filename: file name `copy.md` differs from `eip-{eip}`, here `eip-3`",
        "eip-1.md:4: cycle: cycle in `requires`: 1 → 2 → 1",
        "eip-1.md:4: dangling-target: no proposal has the eip `9`",
        "eip-2.md:3: duplicate-title: duplicate title `B`, also in `eip-33.md`",
        "eip-33.md:2: duplicate-slug: duplicate eip `3`, also in `copy.md`",
        "eip-33.md:2: orphan: no relationship connects `3` to another proposal",
        "eip-33.md:2: slug-filename: file name `eip-33.md` differs from `eip-{eip}`, here `eip-3`",
        "eip-33.md:3: duplicate-title: duplicate title `B`, also in `eip-2.md`",
        "eip-33.md:4: self-reference: the proposal links to itself under `requires`",
    ]


def test_the_file_name_may_have_a_number_and_a_slug(tmp_path: Path) -> None:
    files = {
        "1-a.md": page(eip=1, slug="a", title="A", requires=["b"]),
        "2-b.md": page(eip=20, slug="b", title="B"),
        "3-d.md": page(eip=3, slug="c", title="C", requires=["b"]),
    }
    assert found(write(tmp_path, f'[identity]\nfile = "{{eip}}-{{slug}}"\n{LINKS}', files)) == [
        "2-b.md:2: slug-filename: file name `2-b.md` differs from `{eip}-{slug}`, here `20-b`",
        "3-d.md:3: slug-filename: file name `3-d.md` differs from `{eip}-{slug}`, here `3-c`",
    ]


def test_rules_are_explained_without_built_in_specifications(tmp_path: Path) -> None:
    folder = write(tmp_path, "", {})
    for name in ("slug-filename", "derived-value", "hub-exists"):
        result = patternlint("rule", name, cwd=folder)
        assert result.code == OK, result.err
        assert f"[{name}]" in result.out


def test_a_name_is_a_part_of_the_file_name_and_a_title_is_the_first_heading(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        f"[identity]\nname = '{{stem}}|^([0-9]{{4}})-'\ntitle = '#'\n{LINKS}",
        {
            "0001-a.md": page(requires=["0002", "0003"]) + "\n# Same title\n",
            "0002-b.md": page(requires=["0001"]) + "\n## Before\n\n# Same title\n",
            "0002-c.md": page(requires=["0001"]) + "\n# Another title\n",
        },
    )
    assert found(folder) == [
        "0001-a.md:2: cycle: cycle in `requires`: 0001 → 0002 → 0001",
        "0001-a.md:2: dangling-target: no proposal has the name `0003`",
        "0001-a.md:7: duplicate-title: duplicate title `Same title`, also in `0002-b.md`",
        "0002-b.md:1: duplicate-slug: duplicate name `0002`, also in `0002-c.md`",
        "0002-b.md:9: duplicate-title: duplicate title `Same title`, also in `0001-a.md`",
        "0002-c.md:1: duplicate-slug: duplicate name `0002`, also in `0002-b.md`",
    ]


def test_a_name_is_the_folder(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        f'[identity]\nname = "{{folder}}"\n{LINKS}',
        {"a/README.md": page(requires=["b", "c"]), "b/README.md": page(title="B")},
    )
    assert found(folder) == ["a/README.md:2: dangling-target: no proposal has the name `c`"]
    assert [one.rpartition(": ")[2] for one in found(folder / "b")] == []


def test_ids_have_any_form_where_the_spec_has_no_prefixes(tmp_path: Path) -> None:
    files = {"a.md": page(id="ADR-0001", title="A", slug="b b", requires=["a"])}
    folder = write(tmp_path, '[identity]\nname = "slug"\n', files)
    assert found(folder) == []


def test_names_are_slugs_where_the_spec_says_nothing_else(tmp_path: Path) -> None:
    folder = write(tmp_path, LINKS, {"B b.md": page(slug="B b", requires=["x"]), "b.md": page(slug="c")})
    assert {one.split(": ")[1] for one in found(folder)} == {
        "slug-format",
        "slug-filename",
        "dangling-target",
        "orphan",
    }


@pytest.mark.parametrize(
    ("identity", "reason"),
    [
        ('name = "eipp"', "unknown key `eipp` in `identity.name`; did you mean `eip`?"),
        ('name = "{stam}"', "unknown `{stam}` in `name`; did you mean `{stem}`?; a key, or {stem} or {folder}"),
        ("name = '{stem}|('", "`(` is not a regular expression: missing ), unterminated subpattern at position 0"),
        ('file = "e-{epi}"', "unknown key `epi` in `identity.file`; did you mean `eip`?"),
        ('title = "titel"', "unknown key `titel` in `identity.title`; did you mean `title`?"),
        ('id = "idd"', "unknown key `idd` in `identity.id`; did you mean `id`?"),
        ('ids = ["x"]', "unknown setting `ids` in `identity`; did you mean `id`?"),
    ],
)
def test_an_identity_that_names_nothing_is_refused(tmp_path: Path, identity: str, reason: str) -> None:
    result = patternlint("--no-cache", cwd=write(tmp_path, f"[identity]\n{identity}\n", {"a.md": page()}))
    assert result.err == f"patternlint: {tmp_path}/spec/spec.toml:6: {reason}\n"


@pytest.mark.parametrize(
    ("identity", "arguments", "name", "begins"),
    [
        ('name = "eip"\nfile = "eip-{eip}"', ["--slug", "77"], "eip-77.md", "---\neip: 77\ntitle: My idea\n"),
        ('name = "eip"\nfile = "eip-{eip}"', [], "my-idea.md", "---\neip: 0\ntitle: My idea\n"),
        ("name = '{stem}'\ntitle = '#'", [], "my-idea.md", "---\neip: 0\n"),
        ("name = '{stem}'", ["--slug", "0001-Idea"], "0001-Idea.md", "---\neip: 0\n"),
    ],
)
def test_a_new_record_is_called_as_the_spec_says(
    tmp_path: Path, identity: str, arguments: list[str], name: str, begins: str
) -> None:
    folder = write(tmp_path, f"[identity]\n{identity}\n", {})
    result = patternlint("new", "My idea", "--spec", "t", *arguments, cwd=folder)
    assert (result.code, result.err) == (OK, "")
    text = (folder / name).read_text()
    assert text.startswith(begins)
    assert ("\n# My idea\n" in text) == ("'#'" in identity)


@given(st.text(st.characters(codec="utf-8", exclude_characters="/."), min_size=1))
def test_the_name_by_stem_is_the_file_name(stem: str) -> None:
    spec = Spec("t", "T", identity=Identity(name="{stem}"))
    assert record_name(spec, {}, f"folder/{stem}.md") == stem


@given(st.integers(0, 10**6))
def test_the_file_of_a_number_is_that_of_its_text(number: int) -> None:
    spec = Spec("t", "T", identity=Identity(name="n", file="n-{n}"))
    assert expected_stem(spec, {"n": number}) == expected_stem(spec, {"n": str(number)}) == f"n-{number}"
    assert expected_stem(spec, {"n": [number]}) == expected_stem(spec, {}) == ""


@pytest.mark.parametrize(
    ("other", "line"), [("proposal", "2 proposals"), ("pattern", "2 patterns"), ("idea", "2 records")]
)
def test_the_summary_has_the_word_for_a_record(tmp_path: Path, other: str, line: str) -> None:
    folder = write(
        tmp_path,
        "where = { eip = 1 }",
        {
            "more/spec.toml": f'version = "more"\ntitle = "More"\nfiles = ["**/*.md"]\nnoun = "{other}"\n',
            "a.md": page(eip=1),
            "b.md": page(eip=2),
        },
    )
    config = (folder / "patternlint.toml").read_text()
    (folder / "patternlint.toml").write_text(config.replace('["spec"]', '["spec", "more"]'))
    assert f"2 files: {line} (1 of spec more, 1 of spec t)" in patternlint("--no-cache", cwd=folder).out


def test_the_plural_of_a_noun_is_regular() -> None:
    assert [plural(noun) for noun in ("pattern", "entity", "lighthouse", "box", "day")] == [
        "patterns",
        "entities",
        "lighthouses",
        "boxes",
        "days",
    ]


def test_a_title_is_the_heading_above_the_sections(tmp_path: Path) -> None:
    body = '[identity]\nname = "{stem}"\ntitle = "#"\n[body]\nheading = "## {title}"\n[[body.sections]]\ntitle = "Context"\n'
    files = {
        "a.md": page(eip=1) + "\n## Context\n",
        "b.md": page(eip=1) + "\n## Context\n\n# Late\n",
        "c.md": page(eip=1) + "\n# Late\n\n## Context\n",
    }
    duplicates = [one for one in found(write(tmp_path, body, files)) if "duplicate" in one]
    assert duplicates == [
        "b.md:9: duplicate-title: duplicate title `Late`, also in `c.md`",
        "c.md:7: duplicate-title: duplicate title `Late`, also in `b.md`",
    ]
