from __future__ import annotations

from pathlib import Path

import pytest

from patternlint.linter.registry import Registry, built_in_rules
from patternlint.parser.parser import FileKind, ParsedFile, parse
from patternlint.source import Source
from patternlint.spec.loader import SpecError, load_spec, load_specs
from patternlint.spec.model import Spec, SpecRegistry, scan_top_level_keys
from patternlint.validation.validator import SchemaValidator

SPECS = load_specs()
ID = "pat_01m3250v00fay828t5cy4tqkff"


def read(front: str, *, named: bool = False, spec: str = "") -> ParsedFile:
    source = Source("folder/größe.md", f"---\n# ═══\n{front}---\nText\n".encode())
    return parse(source, SPECS, spec=SPECS.by_version[spec] if spec else None, named=named)


def version(parsed: ParsedFile) -> str:
    return parsed.spec.version if parsed.spec is not None else ""


# --- Which spec a file follows ----------------------------------------------------------------------------------------

FOLLOWED = [
    pytest.param("id: lh_01\norbital_layer: 1\nontology: {}\n", "lighthouse", id="an id of a lighthouse, before all"),
    pytest.param('id: "ent_01"\nontology: {}\n', "entity", id="an id of an entity, before all"),
    pytest.param(f"id: {ID}\norbital_layer: 5\nontology: {{}}\n", "8.2", id="orbital_layer"),
    pytest.param(f"id: {ID}\ngravitational_hubs: []\ngraph_garden: {{}}\n", "8.2", id="gravitational_hubs"),
    pytest.param(f"id: {ID}\norbital_layer:\n", "8.2", id="orbital_layer without a value"),
    pytest.param(f"id: {ID}\nontology: {{}}\nclassification: {{}}\n", "7.1", id="ontology"),
    pytest.param(f"id: {ID}\ngraph_garden: {{}}\n", "7.1", id="graph_garden"),
    pytest.param(f"id: {ID}\ncontext_labels: {{}}\n", "7.1", id="context_labels"),
    pytest.param(f"id: {ID}\nclassification:\n  universality: [a]\n", "1.3", id="classification as a mapping"),
    pytest.param(f"id: {ID}\ntags: {{}}\n", "1.3", id="tags as a mapping"),
    pytest.param("slug: größe\ntags:\n  domain: a\n", "1.3", id="a slug instead of an id"),
    pytest.param("slug: größe\ncontext_labels: {}\n", "7.1", id="a slug and a group"),
    pytest.param("id: ort_01\nslug: größe\nontology: {}\n", "7.1", id="an unknown id, a slug and a group"),
]

LEFT_ALONE = [
    pytest.param("slug: größe\ntags: [a, b]\n", id="tags as a list"),
    pytest.param("slug: größe\ntags:\n  - a\n", id="tags as a list on lines of its own"),
    pytest.param(f"id: {ID}\nclassification: a\n", id="classification as a text"),
    pytest.param(f"id: {ID}\ntitle: Größe\n", id="an id and no group"),
    pytest.param("ontology: {}\ntitle: Größe\n", id="a group, and neither id nor slug"),
    pytest.param("lh: 1\ntitle: lh_01\n", id="the title of a page"),
    pytest.param("layout: post\nmeta:\n  ontology: {}\n  slug: a\n", id="a group that is not at the top"),
]


@pytest.mark.parametrize(("front", "expected"), FOLLOWED)
def test_the_content_says_which_spec_a_pattern_follows(front: str, expected: str) -> None:
    parsed = read(front)
    assert (parsed.kind, version(parsed)) == (FileKind.PATTERN, expected)


@pytest.mark.parametrize(("front", "expected"), FOLLOWED)
@pytest.mark.parametrize("damage", ["broken: [\n", "a: b: c\n", "\tbroken: 1\n", 'broken: "\n'])
def test_the_same_keys_decide_when_the_yaml_does_not_parse(front: str, expected: str, damage: str) -> None:
    parsed = read(front + damage)
    assert (parsed.kind, version(parsed), parsed.pattern) == (FileKind.BROKEN, expected, None)
    assert parsed.problem is not None


@pytest.mark.parametrize(("front", "expected"), FOLLOWED)
def test_the_same_keys_decide_when_the_front_matter_is_not_closed(front: str, expected: str) -> None:
    parsed = parse(Source("größe.md", f"---\n{front}".encode()), SPECS)
    assert (parsed.kind, version(parsed)) == (FileKind.BROKEN, expected)


@pytest.mark.parametrize("front", LEFT_ALONE)
def test_what_is_no_pattern_is_left_alone(front: str) -> None:
    assert read(front).kind is FileKind.NOT_A_PATTERN


@pytest.mark.parametrize("front", LEFT_ALONE)
def test_what_is_no_pattern_is_left_alone_when_its_yaml_does_not_parse_unless_its_id_speaks_for_it(front: str) -> None:
    parsed = read(f"{front}broken: [\n")
    assert (parsed.kind, version(parsed)) == (FileKind.BROKEN if ID in front else FileKind.NOT_A_PATTERN, "")


@pytest.mark.parametrize(
    "text", ["", "# A page\n", "---\n", "--\nid: pat_1\n", "----\nid: pat_1\n---\n", "\n---\nid: 1\n---\n"]
)
def test_a_page_without_front_matter_is_left_alone(text: str) -> None:
    assert parse(Source("README.md", text.encode()), SPECS).kind is FileKind.NOT_A_PATTERN


@pytest.mark.parametrize("front", ["title: Größe\n", "slug: größe\ntags: [a]\n"])
def test_a_named_file_without_a_spec_is_reported(front: str) -> None:
    parsed = read(front, named=True)
    assert (parsed.kind, version(parsed), parsed.problem) == (FileKind.BROKEN, "", None)


def test_a_file_that_is_named_and_has_no_front_matter_is_broken() -> None:
    parsed = parse(Source("README.md", "# Größe\n".encode()), SPECS, named=True)
    assert parsed.kind is FileKind.BROKEN
    assert parsed.opening is not None
    assert parsed.opening.message == "the file does not begin with `---`"


@pytest.mark.parametrize("front", ["id: lh_01\n", f"id: {ID}\norbital_layer: 4\n", "slug: größe\nontology: {}\n"])
def test_the_config_overrides_the_content(front: str) -> None:
    assert version(read(front, spec="1.3")) == "1.3"
    assert version(read(f"{front}broken: [\n", spec="1.3")) == "1.3"


def test_the_config_makes_no_pattern_of_another_page() -> None:
    assert read("title: Größe\n", spec="7.1").kind is FileKind.NOT_A_PATTERN
    assert read("title: Größe\nbroken: [\n", spec="7.1").kind is FileKind.NOT_A_PATTERN
    assert read("title: Größe\n", spec="7.1", named=True).kind is FileKind.PATTERN


def test_a_byte_order_mark_and_crlf_hide_nothing() -> None:
    parsed = parse(Source("a.md", f"\ufeff---\r\nid: {ID}\r\nontology: {{}}\r\n---\r\n".encode()), SPECS)
    assert (parsed.kind, version(parsed)) == (FileKind.PATTERN, "7.1")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("id: a", "a"),
        ("id:   a b  ", "a b"),
        ("id: a # b", "a"),
        ("id: a#b", "a#b"),
        ('id: "a # b" # c', "a # b"),
        ("id: 'a", "a"),
        ("id:", {}),
        ("id: # b", {}),
        ("id:\n  a: 1", {}),
        ("id: {a: 1", {}),
        ("id:\n- a", []),
        ("id: # b\n\n  - a", []),
        ("id: [a", []),
        ("id: >-\n  a", ""),
        ("id:\r\n  a: 1\r\n", {}),
        ("id: a\r\n", "a"),
    ],
)
def test_the_value_of_a_key_at_the_start_of_a_line(text: str, value: object) -> None:
    assert scan_top_level_keys(text) == {"id": value}


@pytest.mark.parametrize("text", ["id:a", " id: a", "- id: a", "# id: a", "https://a", "id : a"])
def test_what_is_no_key_at_the_start_of_a_line(text: str) -> None:
    assert scan_top_level_keys(text) == {}


# --- The built-in specs -----------------------------------------------------------------------------------------------


def test_the_specs_that_there_are() -> None:
    assert {spec.version for spec in SPECS.all} == {"1.3", "7.1", "8.2", "lighthouse", "entity"}
    assert SPECS.id_prefixes == {"pat", "lh", "ent"}


@pytest.mark.parametrize("spec", SPECS.all, ids=lambda spec: spec.version)
def test_a_built_in_spec_speaks_of_schemas_and_rules_that_there_are(spec: Spec) -> None:
    SchemaValidator(spec)
    registry = Registry(built_in_rules())
    assert set(spec.rules) <= {"ALL", *registry.rules, *registry.groups}
    assert spec.keys == tuple(dict.fromkeys(spec.keys))
    for keys in spec.key_orders:
        assert set(keys) == set(spec.keys)


def test_types_and_keys_of_a_spec() -> None:
    spec = SPECS.by_version["7.1"]
    assert spec.keys[:3] == ("id", "slug", "title")
    assert spec.group_of["ontology"].banner.startswith("GROUP 3")
    assert spec.inverse_of == {"generalizes_from": "specializes_to", "specializes_to": "generalizes_from"}
    assert ("relationships", "tools") in spec.link_routes
    assert ("relationships", "tools") not in SPECS.by_version["8.2"].link_routes
    assert SPECS.by_version["1.3"].link_routes[0] == ("generalizes_from",)


# --- A project's own spec ---------------------------------------------------------------------------------------------


def own(folder: Path, toml: str, schemas: dict[str, str] | None = None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "spec.toml").write_text(toml, encoding="utf-8")
    for name, text in (schemas or {}).items():
        (folder / f"{name}.schema.json").write_text(text, encoding="utf-8")
    return folder


TOWN = """
version = "town"
title = "Patterns of the town"
extends = "7.1"
identity = { id-prefixes = ["ort"] }
mark = { rank = 5, any-key = ["district"] }

[[groups]]
name = "identity"
keys = ["district"]

[relationships]
types = ["beside"]
symmetric = ["beside"]
"""


def town(folder: Path) -> SpecRegistry:
    schema = '{"properties": {"district": {"type": "string"}}, "required": ["district"]}'
    return load_specs([own(folder / "town", TOWN, {"identity": schema})])


def test_an_own_spec_adds_to_a_built_in_one(tmp_path: Path) -> None:
    specs = town(tmp_path)
    spec, base = specs.by_version["town"], specs.by_version["7.1"]
    assert spec.bases == (base.folder,)
    assert spec.folder == tmp_path / "town"
    assert (*base.relationships.types, "beside") == spec.relationships.types
    assert (*base.relationships.symmetric, "beside") == spec.relationships.symmetric
    assert spec.groups[0].keys == (*base.groups[0].keys, "district")
    assert spec.groups[1:] == base.groups[1:]
    assert spec.group_of["district"].banner == base.groups[0].banner
    assert set(spec.identity.id_prefixes) == {"pat", "ort"}
    assert (spec.body, spec.scores, spec.garden, spec.rules) == (base.body, base.scores, base.garden, base.rules)
    assert base == SPECS.by_version["7.1"]


def test_files_follow_an_own_spec_by_its_mark(tmp_path: Path) -> None:
    specs = town(tmp_path)
    files = {"ort_1\ndistrict: a": "town", "pat_1\ndistrict: a\norbital_layer: 1": "town", "pat_1\nontology: {}": "7.1"}
    for front, expected in files.items():
        parsed = parse(Source("a.md", f"---\nid: {front}\n---\n".encode()), specs)
        assert (parsed.kind, version(parsed)) == (FileKind.PATTERN, expected)


def test_the_schemas_of_an_own_spec_are_laid_over_the_built_in_ones(tmp_path: Path) -> None:
    specs = town(tmp_path)
    parsed = parse(Source("a.md", b"---\nid: ort_1\ndistrict: 7\ntitle: 7\nontology: {}\n---\n"), specs)
    assert parsed.pattern is not None
    found = {
        error.route: error.rule for error in SchemaValidator(specs.by_version["town"]).iter_violations(parsed.pattern)
    }
    assert found[("district",)] == "wrong-type"
    assert found[("title",)] == "wrong-type"
    assert found[("slug",)] == "missing-key"


def test_an_own_spec_may_extend_an_own_one(tmp_path: Path) -> None:
    first = own(tmp_path / "town", TOWN)
    second = own(tmp_path / "street", 'version = "street"\ntitle = "Street"\nextends = "town"\nmark = { rank = 4 }\n')
    spec = load_specs([first, second]).by_version["street"]
    assert spec.bases == (first, SPECS.by_version["7.1"].folder)
    assert "beside" in spec.relationships.types
    with pytest.raises(SpecError, match="unknown spec `town` in `extends`"):
        load_specs([second, first])


def test_an_own_spec_may_stand_in_for_a_built_in_one(tmp_path: Path) -> None:
    specs = load_specs([own(tmp_path, 'version = "7.1"\ntitle = "Ours"\nextends = "7.1"\n')])
    assert specs.by_version["7.1"].title == "Ours"
    assert [spec.version for spec in specs.all].count("7.1") == 1
    assert specs.by_version["7.1"].mark == SPECS.by_version["7.1"].mark


def test_an_own_spec_may_stand_alone(tmp_path: Path) -> None:
    alone = 'version = "x"\ntitle = "X"\nrules = ["file"]\nidentity = { id-prefixes = ["x"] }\nmark = { rank = 1, id-prefixes = ["x"] }\n'
    specs = load_specs([own(tmp_path, alone)])
    parsed = parse(Source("a.md", b"---\nid: x_1\nontology: {}\n---\n"), specs)
    assert (parsed.kind, version(parsed)) == (FileKind.PATTERN, "x")
    assert specs.by_version["x"].bases == ()


BASIS = 'version = "x"\ntitle = "X"\nmark = { rank = 1 }\n'


@pytest.mark.parametrize(
    ("toml", "reason"),
    [
        pytest.param("version = ", "Invalid value (at end of document)", id="no TOML"),
        pytest.param('version = "x"\n', "missing setting `title`", id="a missing setting"),
        pytest.param("", "missing setting `version`", id="nothing at all"),
        pytest.param(
            BASIS + 'tilte = "Y"\n', "unknown setting `tilte`; did you mean `title`?", id="an unknown setting"
        ),
        pytest.param(
            BASIS + "[scores]\nrout = []\n", "unknown setting `rout` in `scores`; did you mean `route`?", id="inside"
        ),
        pytest.param('version = 7.1\ntitle = "X"\nmark = {}\n', "`version` must be text, not a number", id="a number"),
        pytest.param(
            'version = "x"\ntitle = "X"\nmark = { rank = "a" }\n',
            "`mark.rank` must be a whole number, not text",
            id="text",
        ),
        pytest.param(BASIS + 'groups = "a"\n', "`groups` must be a list, not text", id="no list"),
        pytest.param(
            BASIS + "groups = [{ keys = [] }]\n", "missing setting `name` in item 1 of `groups`", id="an item"
        ),
        pytest.param(
            BASIS + 'extends = "7.0"\n',
            "unknown spec `7.0` in `extends`; did you mean `7.1`?; known: 1.3, 7.1, 8.2, entity, lighthouse",
            id="no base",
        ),
    ],
)
def test_a_spec_that_cannot_be_used_says_why(tmp_path: Path, toml: str, reason: str) -> None:
    folder = own(tmp_path, toml)
    with pytest.raises(SpecError) as caught:
        load_specs([folder])
    assert caught.value.path == folder / "spec.toml"
    assert caught.value.reason == reason
    assert str(caught.value) in {f"{folder / 'spec.toml'}{line}: {reason}" for line in ("", ":1", ":3", ":4", ":5")}


def test_a_folder_without_a_spec_says_so(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"no spec\.toml in this folder"):
        load_spec(tmp_path)
    with pytest.raises(SpecError, match=r"no spec\.toml in this folder"):
        load_spec(tmp_path / "nowhere")


def test_a_spec_that_is_no_utf_8_says_so(tmp_path: Path) -> None:
    (tmp_path / "spec.toml").write_bytes(b'version = "\xfc"\n')
    with pytest.raises(SpecError, match="utf-8"):
        load_spec(tmp_path)


def test_wrong_data_that_extends_a_spec_is_reported_as_plainly(tmp_path: Path) -> None:
    head = 'version = "x"\ntitle = "X"\nextends = "7.1"\n'
    for toml, reason in {
        'groups = "a"\n': "`groups` must be a list, not text",
        "groups = [7]\n": "item 1 of `groups` must be a table, not a whole number",
        "[[groups]]\nkeys = []\n": "missing setting `name` in item 8 of `groups`",
        "[relationships]\ntypes = 7\n": "`relationships.types` must be a list, not a whole number",
        "[body]\nsections = [{ title = 7 }]\n": "`body.sections.title` must be text, not a whole number",
    }.items():
        with pytest.raises(SpecError) as caught:
            load_specs([own(tmp_path, head + toml)])
        assert caught.value.reason == reason
