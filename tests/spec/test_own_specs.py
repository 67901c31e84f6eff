"""Own specs, through the command: what is refused when they are loaded, and what their schemas find."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patternlint.spec.loader import load_specs
from patternlint.spec.model import Spec
from patternlint.spec.string_formats import FORMATS
from patternlint.validation.failures import make_validator
from tests.support.command import ERROR, FINDINGS, OK, Result, patternlint

HEAD = 'version = "t"\ntitle = "T"\n[mark]\nrank = 5\n[[groups]]\nname = "page"\nkeys = ["title", "slug", "kind", "note"]\n'

Library = Callable[..., Path]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Return a function that writes a library with an own spec: its TOML, its schema, its pages, and other files."""

    def write(
        schema: Any = None, page: str = "title: A\n", spec: str = HEAD, files: dict[str, str] | None = None
    ) -> Path:
        (tmp_path / "spec").mkdir()
        (tmp_path / "p").mkdir()
        (tmp_path / "patternlint.toml").write_text('specs = ["spec"]\nspec = "t"\npatterns = ["p/*.md"]\n')
        (tmp_path / "spec/spec.toml").write_text(spec)
        (tmp_path / "spec/page.schema.json").write_text(json.dumps(schema if schema is not None else {}))
        (tmp_path / "p/a.md").write_text(f"---\n{page}---\n\nText.\n")
        for name, text in (files or {}).items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text)
        return tmp_path

    return write


def complaint(result: Result) -> str:
    """Return the one sentence that a run ended with."""
    assert (result.code, result.out) == (ERROR, "")
    (line,) = result.err.splitlines()
    return line


def findings(result: Result) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(result.out)["findings"]
    return found


def refused(folder: Path) -> str:
    """Return why the spec of a library is refused, without the path to it."""
    return complaint(patternlint("--no-cache", cwd=folder)).replace(f"{folder}/", "")


def messages(folder: Path, *select: str) -> list[str]:
    """Return the findings of the schema: `line: rule: message`."""
    chosen = ",".join(select or ("schema",))
    result = patternlint("--no-cache", "--select", chosen, "--output-format", "json", cwd=folder)
    assert result.code in (OK, FINDINGS), result.err
    return [f"{one['line']}: {one['rule']}: {one['message']}" for one in findings(result)]


# --- Refused at load, with the file, the line and the nearest name ---------------------------------------------------


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (
            "[relationships]\ntypes = ['kind']\nsymmetric = ['knd']",
            "10: unknown relationship type `knd` in `symmetric`; did you mean `kind`?",
        ),
        (
            "[relationships]\ntypes = ['kind']\ninverse = [\n ['kind', 'kin'],\n]",
            "11: unknown relationship type `kin` in `inverse`; did you mean `kind`?",
        ),
        (
            "[relationships]\ntypes = ['kind']\nexternal = ['tool']",
            "10: unknown relationship type `tool` in `external`",
        ),
        (
            "[relationships]\ntypes = [\n 'kind',\n 'nots',\n]",
            "11: the relationship type `nots` is not a key of the front matter; did you mean `note`?",
        ),
        ("[relationships]\nkey = 'nte'", "9: unknown key `nte` in `relationships`; did you mean `note`?"),
        (
            "[[body.sections]]\ntitle = 'A'\nwords = [100, 20]",
            "10: `words` of the section `A` must be [least, most], not [100, 20]",
        ),
        (
            "[[body.sections]]\ntitle = 'A'\nrows = ['B']\nrow-numbers = [5, 1]",
            "11: `row-numbers` of the section `A` must be [least, most], beside `rows`",
        ),
        ("[[body.sections]]\ntitle = 'A'\nrow-numbers = [1, 5]", "10: `row-numbers` of the section `A`"),
        ("[[body.sections]]\ntitle = 'A'\nwords = [-1, 20]", "10: `words` of the section `A` must be"),
        ("[scores]\ndimensions = ['kinds']", "9: unknown key `kinds` in `scores.dimensions`; did you mean `kind`?"),
        ("[scores]\nroute = ['note', 'b']", "9: unknown key `b` in `scores.route`"),
        ("[garden]\nkey = 'nite'", "9: unknown key `nite` in `garden`; did you mean `note`?"),
        ("[style]\nquoted = ['titel']", "9: unknown key `titel` in `style.quoted`; did you mean `title`?"),
        ("[style]\nquoted = ['note.c']", "9: unknown key `c` in `style.quoted`"),
        ("[defaults]\ntitel = 'x'", "9: unknown key `titel` in `defaults`; did you mean `title`?"),
        (
            "[[groups]]\nname = 'pages'\nkeys = ['x']",
            "8: group `pages` has no schema: pages.schema.json not found; write it, with `{}` in it",
        ),
        ("[[groups]]\nname = 'page'\nkeys = ['x']", "5: duplicate group `page`"),
        ("optional = ['titel']", "8: `optional` names `titel`, which is not in `keys`; did you mean `title`?"),
        ("blank-before = 'sometimes'", "8: `groups.blank-before`"),
        ("keyz = []", "unknown setting `keyz` in item 1 of `groups`; did you mean `keys`?"),
    ],
)
def test_a_name_in_a_spec_that_stands_for_nothing_is_refused(library: Library, more: str, reason: str) -> None:
    schema: dict[str, Any] = {"properties": {"note": {"properties": {"a": {}}}}}
    folder = library(schema, spec=f"{HEAD}{more}\n")
    message = refused(folder)
    assert message.startswith("patternlint: spec/spec.toml:")
    assert reason in message


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ('rules = ["schemaa"]', "spec.toml:3: unknown rule or group `schemaa`; did you mean `schema`?"),
        ('hubs = "hub"', "spec.toml:3: unknown key `hub` in `hubs`"),
        ('confidence = ["nte"]', "spec.toml:3: unknown key `nte` in `confidence`; did you mean `note`?"),
        ('key-orders = [["title", "nte"]]', "spec.toml:3: unknown key `nte` in `key-orders`; did you mean `note`?"),
    ],
)
def test_a_setting_at_the_top_of_a_spec_that_names_nothing_is_refused(
    library: Library, setting: str, reason: str
) -> None:
    assert reason in refused(library(spec=HEAD.replace("[mark]", f"{setting}\n[mark]")))


def test_a_mark_that_no_file_can_have_is_refused(library: Library) -> None:
    message = refused(library(spec=HEAD.replace("rank = 5", 'rank = 5\nany-key = ["titel"]')))
    assert "spec.toml:5: unknown key `titel` in `mark`; did you mean `title`?" in message


def test_a_misnamed_schema_file_is_refused(library: Library) -> None:
    folder = library()
    (folder / "spec/page.schema.json").rename(folder / "spec/pages.schema.json")
    expected = "spec.toml:5: group `page` has no schema: page.schema.json not found; did you mean `pages.schema.json`?"
    assert expected in refused(folder)


def test_a_schema_file_of_no_group_is_refused(library: Library) -> None:
    assert "spec/pgae.schema.json: no group is called `pgae`; did you mean `page`?" in refused(
        library(files={"spec/pgae.schema.json": "{}"})
    )


def test_a_misspelled_group_that_extends_a_spec_is_rejected(library: Library) -> None:
    spec = 'version = "t"\ntitle = "T"\nextends = "8.2"\n\n[[groups]]\nname = "provenence"\nkeys = ["steward"]\n'
    folder = library(spec=spec)
    (folder / "spec/page.schema.json").unlink()
    assert "spec.toml:5: group `provenence` has no schema" in refused(folder)
    assert "did you mean `provenance`?" in refused(folder)


def test_a_wrong_value_in_a_spec_that_extends_one_names_its_own_line(library: Library) -> None:
    spec = 'version = "t"\ntitle = "T"\nextends = "8.2"\n[[body.sections]]\ntitle = "Costs"\nwords = "many"\n'
    folder = library(spec=spec)
    (folder / "spec/page.schema.json").unlink()
    assert "spec.toml:6: `body.sections.words` must be a list, not text" in refused(folder)


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"titel": {}}},
        {"required": ["titel"]},
        {"dependentRequired": {"title": ["titel"]}},
    ],
)
def test_a_key_in_a_schema_and_in_no_group_is_refused(library: Library, schema: Any) -> None:
    message = refused(library(schema))
    assert "spec.toml:7: page.schema.json describes `titel`, which is not in `keys` of the group `page`" in message
    assert message.endswith("; did you mean `title`?")


def test_a_key_in_the_schema_of_another_group_is_refused(library: Library) -> None:
    folder = library(
        spec=HEAD + '[[groups]]\nname = "other"\nkeys = ["x"]\n',
        files={"spec/other.schema.json": '{"properties": {"note": {}}}'},
    )
    assert refused(folder).endswith("of the group `other`; it belongs to the group `page`")


# --- Relationships of the wrong shape ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("2", "3: wrong-type: `kind`: expected a list, found a number"),
        ("b", "3: wrong-type: `kind`: expected a list, found a string"),
        ("b, c", "3: wrong-type: `kind`: expected a list, found a string"),
        ("[2]", "3: wrong-type: item 1 of `kind`: expected a string or a mapping, found a number"),
        ("[{name: b}]", "3: missing-key: missing key `slug` in item 1 of `kind`"),
        ('[""]', "3: empty-value: item 1 of `kind` is empty"),
    ],
)
def test_a_relationship_of_the_wrong_shape_is_a_finding(library: Library, value: str, message: str) -> None:
    spec = HEAD + "[relationships]\ntypes = ['kind']\n"
    assert messages(library(page=f"title: A\nkind: {value}\n", spec=spec)) == [message]


def test_a_relationship_of_the_wrong_shape_below_a_key_is_a_finding(library: Library) -> None:
    spec = HEAD + "[relationships]\nkey = 'kind'\ntypes = ['needs']\n"
    folder = library(page="title: A\nkind:\n  needs: b, c\n", spec=spec)
    assert messages(folder) == ["4: wrong-type: `needs`: expected a list, found a string"]


@pytest.mark.parametrize("value", ["[b]", "[{slug: b, weight: 0.5}]", "[{typeid: pat_1}]", "[]"])
def test_a_relationship_of_a_usual_shape_is_none(library: Library, value: str) -> None:
    spec = HEAD + "[relationships]\ntypes = ['kind']\n"
    assert messages(library(page=f"title: A\nkind: {value}\n", spec=spec)) == []


def test_a_relationship_can_be_forbidden(library: Library) -> None:
    spec = HEAD + "[relationships]\ntypes = ['kind']\n"
    folder = library({"properties": {"kind": False}}, "title: A\nkind: [b]\n", spec)
    assert messages(folder) == ["3: unknown-key: `kind` is not allowed"]


# --- Schemas ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ({"dependencies": {"note": ["kind"]}}, "unsupported keyword `dependencies` at #: in JSON Schema 2020-12, write `dependentRequired`"),
        ({"properties": {"note": {"items": [{}]}}}, "`items` at #/properties/note is a list, as in older drafts"),
        ({"$schema": "http://json-schema.org/draft-07/schema#"}, "unsupported `$schema` at #: `http://json-schema.org/draft-07"),
        ({"properties": {"note": {"$schema": "http://127.0.0.1/x"}}}, "unsupported `$schema` at #/properties/note"),
        ({"properties": {"note": {"format": "dat"}}}, "unsupported format `dat` at #/properties/note; did you mean `date`?"),
        ({"properties": {"note": {"format": "colour"}}}, "unsupported format `colour` at #/properties/note; write a `pattern`"),
        ({"propertes": {}}, "unknown keyword `propertes` at #; did you mean `properties`?"),
        ({"properties": {"note": {"requierd": ["a"]}}}, "unknown keyword `requierd` at #/properties/note; did you mean `required`?"),
        ({"properties": {"note": {"$ref": "common.json#/a"}}}, "`$ref` leads to `common.json#/a`; file not found"),
        ({"properties": {"note": {"$ref": "../outside.json"}}}, "only files in the folder of the spec are read"),
        ({"properties": {"note": {"$ref": "file:///etc/passwd"}}}, "only files in the folder of the spec are read"),
        ({"properties": {"note": {"$ref": "/etc/passwd"}}}, "only files in the folder of the spec are read"),
        ({"properties": {"note": {"$ref": "link.json"}}}, "only files in the folder of the spec are read"),
    ],
)  # fmt: skip
def test_a_schema_that_is_not_understood_is_refused_by_the_name_of_the_keyword(
    library: Library, schema: Any, reason: str
) -> None:
    folder = library(schema, files={"outside.json": "{}"})
    (folder / "spec/link.json").symlink_to(folder / "outside.json")
    message = refused(folder)
    assert message.startswith("patternlint: spec/page.schema.json:1: ")
    assert reason in message


@pytest.mark.parametrize("keyword", ["x-message", "errorMessage", "markdownDescription", "note"])
def test_a_note_of_another_program_in_a_schema_is_accepted(library: Library, keyword: str) -> None:
    assert messages(library({"properties": {"title": {keyword: "x"}}})) == []


def test_keys_that_are_called_as_keywords_are_keys(library: Library) -> None:
    names = ["format", "items", "dependencies", "$ref", "default"]
    spec = HEAD.replace('"note"', ", ".join(f'"{name}"' for name in names))
    folder = library({"properties": {name: {"type": "string"} for name in names}}, 'format: x\n"$ref": 3\n', spec)
    assert messages(folder) == ["3: wrong-type: `$ref`: expected a string, found a number"]


def test_a_reference_to_another_file_of_the_folder_is_resolved(library: Library) -> None:
    folder = library(
        {"properties": {"note": {"$ref": "common.json#/$defs/short"}, "kind": {"$ref": "sub/kinds.json"}}},
        page="title: A\nnote: long\nkind: z\n",
        files={
            "spec/common.json": '{"$defs": {"short": {"$ref": "#/$defs/text"}, "text": {"maxLength": 2}}}',
            "spec/sub/kinds.json": '{"$id": "https://example.org/kinds", "allOf": [{"$ref": "../common.json#/$defs/text"}, {"enum": ["a"]}]}',
        },
    )
    assert messages(folder) == [
        "3: invalid-value: `note` has 4 characters, expected at most 2",
        "4: invalid-enum: `kind` is `z`, expected `a`",
    ]
    shown = json.loads(patternlint("schema", "t", cwd=folder).out)
    assert set(shown["$defs"]) == {"common.json", "sub/kinds.json"}


def test_a_schema_file_that_is_referred_to_needs_no_group(library: Library) -> None:
    schema = {"properties": {"note": {"$ref": "common.schema.json"}}}
    folder = library(schema, "note: 3\n", files={"spec/common.schema.json": '{"type": "string"}'})
    assert messages(folder) == ["2: wrong-type: `note`: expected a string, found a number"]


@pytest.fixture
def requests() -> Iterator[tuple[str, list[str]]]:
    """Return the address of a server, and the requests that it got."""
    paths: list[str] = []

    class Counting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Counting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/x.json", paths
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "place",
    [
        lambda part: {"properties": {"note": part}},
        lambda part: {"properties": {"default": part}},
        lambda part: {"properties": {"note": {"properties": {"const": part, "enum": part, "examples": part}}}},
        lambda part: {"$defs": {"default": part}},
        lambda part: {"$defs": {"x": {"default": part}}, "properties": {"note": {"$ref": "#/$defs/x/default"}}},
        lambda part: {"x-parts": {"a": part}, "properties": {"note": {"$ref": "#/x-parts/a"}}},
        lambda part: {"properties": {"note": {"default": part, "const": part, "enum": [part], "examples": [part]}}},
        lambda part: {"patternProperties": {"^default$": part}, "dependentSchemas": {"title": part}},
        lambda part: part,
    ],
)
@pytest.mark.parametrize("keyword", ["$ref", "$schema", "$dynamicRef", "$id"])
def test_a_schema_never_makes_a_request(
    library: Library, requests: tuple[str, list[str]], place: Callable[[Any], Any], keyword: str
) -> None:
    address, paths = requests
    spec = HEAD.replace('"note"', '"note", "default"')
    folder = library(place({keyword: address}), page="title: A\nnote: {const: 1, enum: 2}\ndefault: 3\n", spec=spec)
    assert patternlint("--no-cache", cwd=folder).code in (OK, FINDINGS, ERROR)
    assert patternlint("schema", "t", cwd=folder).code in (OK, ERROR)
    assert paths == []


CONDITION = {"properties": {"kind": {"const": "y"}}, "required": ["kind"]}


@pytest.mark.parametrize(
    ("schema", "page", "message"),
    [
        ({"if": CONDITION, "then": False}, "title: A\nkind: y\n", "3: invalid-value: `kind` is `y`, which is not allowed"),
        ({"if": CONDITION, "else": False}, "kind: x\n", "2: invalid-value: the front matter is not allowed unless `kind` is `y`"),
        ({"if": CONDITION, "then": {"properties": {"note": False}}}, "kind: y\nnote: 1\n", "3: unknown-key: `note` is not allowed where `kind` is `y`"),
        ({"if": CONDITION, "else": {"required": ["note"]}}, "title: A\n", "1: missing-key: missing key `note` unless `kind` is `y`"),
        ({"if": {"not": {"required": ["note"]}}, "then": False}, "title: A\n", "2: invalid-value: the front matter is not allowed unless `note` is present"),
        ({"if": {"minProperties": 2}, "then": False}, "title: A\nnote: 1\n", "2: invalid-value: the front matter is not allowed"),
        ({"properties": {"note": {"items": {"if": CONDITION, "then": False}}}}, "note: [{kind: y}]\n", "2: invalid-value: item 1 of `note` is not allowed where `kind` is `y`"),
        ({"not": {"required": ["title", "note"]}}, "title: A\nnote: 1\n", "3: invalid-value: `title` and `note` are present, which is not allowed"),
        ({"properties": {"title": {"not": {"pattern": "(?i)std"}}}}, "title: A Std\n", "2: invalid-value: `title` is `A Std`, which must not match `(?i)std`"),
        ({"dependentRequired": {"title": ["note"]}}, "title: A\n", "1: missing-key: missing key `note` where `title` is present"),
        ({"properties": {"note": {"prefixItems": [{}], "items": False}}}, "note: [1, 2]\n", "2: invalid-value: `note` has too many items"),
        ({"properties": {"note": {"anyOf": [{"type": "string", "pattern": "^v"}, {"type": "integer"}]}}}, "note: 1.5\n", "2: wrong-type: `note`: expected a string or a whole number, found a number"),
        ({"patternProperties": {"^x-": {"type": "string"}}}, "x-a: 1\nx-b: b\n", "2: wrong-type: `x-a`: expected a string, found a number"),
        ({"patternProperties": {"^x-": {"type": "string"}}}, "x-a: a\ny: b\n", "3: unknown-key: unknown key `y`"),
    ],
)  # fmt: skip
def test_a_schema_is_explained_by_its_keys_and_its_condition(
    library: Library, schema: Any, page: str, message: str
) -> None:
    assert messages(library(schema, page)) == [message]


def test_a_schema_that_admits_other_keys_is_obeyed(library: Library) -> None:
    folder = library({"additionalProperties": {"type": "integer"}}, "other: 2\nmore: x\n")
    assert messages(folder) == ["3: wrong-type: `more`: expected a whole number, found a string"]


def test_the_description_of_a_schema_is_the_help(library: Library) -> None:
    folder = library({"properties": {"note": {"pattern": "^a", "description": "Begins with a."}}}, "note: b\n")
    found = findings(patternlint("--no-cache", "--select", "schema", "--output-format", "json", cwd=folder))
    assert [one["help"] for one in found] == ["Begins with a."]


@pytest.mark.parametrize(
    ("schema", "page", "expected"),
    [
        ({"properties": {"note": {"pattern": "^a", "x-message": "no a", "x-help": "begin with a"}}}, "note: b\n", ("no a", "begin with a")),
        ({"properties": {"note": {"pattern": "^a", "description": "D.", "x-message": "no a"}}}, "note: b\n", ("no a", "D.")),
        ({"properties": {"note": {"pattern": "^a", "type": "string", "x-message": {"type": "no text"}}}}, "note: 1\n", ("no text", None)),
        ({"properties": {"note": {"pattern": "^a", "type": "string", "x-message": {"type": "no text"}}}}, "note: b\n", ("`note` is `b`, which does not match `^a`", None)),
        ({"properties": {"note": {"allOf": [{"maxLength": 1, "x-message": "long"}, {"pattern": "^a", "x-message": "no a"}]}}}, "note: b\n", ("no a", None)),
        ({"properties": {"note": {"enum": ["a"], "x-message": "only a"}}}, "note: b\n", ("only a", None)),
        ({"required": ["note"], "x-message": {"required": "who wrote it?"}}, "title: A\n", ("who wrote it?", None)),
        ({"if": {"properties": {"kind": {"const": "y"}}}, "then": {"required": ["note"], "x-message": "y needs a note"}}, "kind: y\n", ("y needs a note", None)),
        ({"properties": {"note": {"anyOf": [{"type": "integer", "minimum": 3, "x-message": "few"}, {"type": "boolean"}], "x-message": "odd"}}}, "note: 1\n", ("few", None)),
        ({"properties": {"note": {"anyOf": [{"type": "integer"}, {"type": "boolean"}], "x-message": "odd"}}}, "note: a\n", ("odd", None)),
        ({"properties": {"note": {"properties": {"a": {}}, "additionalProperties": False, "x-message": "only `a`"}}}, "note: {z: 1}\n", ("only `a`", None)),
    ],
)  # fmt: skip
def test_a_schema_has_its_own_words(library: Library, schema: Any, page: str, expected: tuple[str, str | None]) -> None:
    folder = library(schema, page)
    (found,) = findings(patternlint("--no-cache", "--select", "schema", "--output-format", "json", cwd=folder))
    assert found["message"] == expected[0]
    assert expected[1] in (None, found["help"])


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ({"type": "string", "x-message": 3}, "`x-message` at #/properties/note must be a text, or a text for each keyword"),
        ({"type": "string", "x-help": {"type": ["a"]}}, "`x-help` at #/properties/note must be a text, or a text for each keyword"),
        ({"pattern": "a", "x-message": {"patern": "a"}}, "`x-message` at #/properties/note names `patern`, which is not beside it; did you mean `pattern`?"),
    ],
)  # fmt: skip
def test_words_of_a_schema_that_say_nothing_are_refused(library: Library, schema: Any, reason: str) -> None:
    assert reason in refused(library({"properties": {"note": schema}}))


# --- Formats ----------------------------------------------------------------------------------------------------------

VALID = {
    "date": ["2024-02-29"],
    "date-time": ["2024-02-29T23:59:59Z", "2024-01-01t00:00:00.5+05:30", "1990-12-31T15:59:60-08:00"],
    "time": ["23:59:60Z", "10:00:00.25-01:00"],
    "duration": ["P1W", "P1Y2M3DT4H5M6S", "PT1H"],
    "email": ["rosa.elm@example.org", '"a b"@[127.0.0.1]'],
    "hostname": ["example.org", "a"],
    "ipv4": ["127.0.0.1"],
    "ipv6": ["::1", "::ffff:1.2.3.4"],
    "uri": ["https://example.org/a%20b?c#d", "mailto:rosa@example.org", "urn:isbn:1", "http://[::1]:80/"],
    "uri-reference": ["", "a/b", "//example.org", "#part", "https://example.org"],
    "iri": ["https://example.org/größe"],
    "iri-reference": ["größe"],
    "uuid": ["123e4567-e89b-12d3-A456-426614174000"],
    "json-pointer": ["", "/a/b~1c"],
    "relative-json-pointer": ["0", "1/a", "2#"],
}
INVALID = {
    "date": ["2022-13-45", "2023-02-29", "2022-02-25 10:00:00", "20240229", "２０２４-02-29", "2024-02-29\n"],
    "date-time": ["2026-02-30T99:00:00Z", "2024-02-29T10:00:00", "2024-02-29 10:00:00Z", "2024-02-29"],
    "time": ["24:00:00Z", "10:00:00", "22:59:60Z", "10:00Z"],
    "duration": ["P", "PT", "P1Y3D", "1D", "P1M1W"],
    "email": ["rosa", "rosa@", "a..b@example.org", "rosa elm@example.org"],
    "hostname": ["", "-a", "a_b", "größe", f"{'a' * 64}.org"],
    "ipv4": ["01.2.3.4", "256.1.1.1", "1.2.3"],
    "ipv6": ["fe80::1%eth0", "12345::", "1::2::3"],
    "uri": [
        "not a uri",
        "example.org",
        "//example.org",
        "https://example.org/größe",
        "https://example.org/%zz",
        "http://[::1",
    ],
    "uri-reference": ["a b", "1:2", "größe"],
    "iri": ["größe", "https://example.org/a b"],
    "iri-reference": ["a b"],
    "uuid": ["123e4567e89b12d3a456426614174000", "123e4567-e89b-12d3-a456-42661417400g"],
    "json-pointer": ["a", "/~2"],
    "relative-json-pointer": ["01", "-1", "/a"],
}


def test_the_formats_that_are_checked_have_examples() -> None:
    assert FORMATS.keys() == VALID.keys() == INVALID.keys()


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_checked(name: str) -> None:
    check = make_validator({"format": name}).is_valid
    assert {text: check(text) for text in VALID[name]} == dict.fromkeys(VALID[name], True)
    assert {text: check(text) for text in INVALID[name]} == dict.fromkeys(INVALID[name], False)
    assert check(3)


def test_a_value_of_the_wrong_format_is_a_finding(library: Library) -> None:
    schema = {"properties": {"note": {"format": "date"}, "kind": {"format": "uri"}, "title": {"format": "date-time"}}}
    page = "note: 2022-13-45\nkind: not a uri\ntitle: 2026-02-30T99:00:00Z\n"
    assert messages(library(schema, page)) == [
        "2: invalid-value: `note` is `2022-13-45`, which is not a valid date",
        "3: invalid-value: `kind` is `not a uri`, which is not a valid URI",
        "4: invalid-value: `title` is `2026-02-30T99:00:00Z`, which is not a valid date with time and time zone",
    ]


@st.composite
def near_a_format(draw: st.DrawFn) -> tuple[str, str]:
    """Return a format, and a text that is valid by it or a few characters away."""
    name = draw(st.sampled_from(sorted(FORMATS)))
    text = list(draw(st.sampled_from(VALID[name] + INVALID[name])))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        text[at : at + draw(st.integers(0, 1))] = draw(st.text('0129afTZP:-+./?#[]@%~"\\ _üé٣\n', max_size=1))
    return name, "".join(text)


@settings(max_examples=500, deadline=None)
@given(near_a_format())
def test_formats_are_those_of_jsonschema_rs(case: tuple[str, str]) -> None:
    name, text = case
    known = (
        name in {"date", "date-time"} and text.startswith("0000"),  # the datetime module starts at year 1
        name in ("hostname", "email") and "--" in text,  # whether a label is Punycode is not checked
        name == "email" and '"' in text,  # quoted pairs
    )
    if not any(known):
        import jsonschema_rs  # noqa: PLC0415 - the oracle

        oracle = jsonschema_rs.Draft202012Validator({"format": name}, validate_formats=True)
        assert FORMATS[name](text) == oracle.is_valid(text)


# --- Groups from their schema, and specs that replace and drop --------------------------------------------------------

EXTENDING = 'version = "t"\ntitle = "T"\nextends = "7.1"\n'


def loaded(library: Library, more: str, schema: Any = None) -> Spec:
    """Return the spec `t` of a library, which extends 7.1 by `more`."""
    folder = library(schema, spec=EXTENDING + more)
    if schema is None:
        (folder / "spec/page.schema.json").unlink()
    result = patternlint("--no-cache", cwd=folder)
    assert result.code in (OK, FINDINGS), result.err
    return load_specs([folder / "spec"]).by_version["t"]


def test_a_group_without_keys_has_those_of_its_schema(library: Library) -> None:
    spec = 'version = "t"\ntitle = "T"\n[[groups]]\nname = "page"\n'
    folder = library({"properties": {"title": {"type": "string"}, "note": {"maxLength": 1}}}, "note: ab\nx: 1\n", spec)
    assert messages(folder) == [
        "2: invalid-value: `note` has 2 characters, expected at most 1",
        "3: unknown-key: unknown key `x`",
    ]
    assert load_specs([folder / "spec"]).by_version["t"].keys == ("title", "note")


def test_a_table_replaces_that_of_the_extended_spec(library: Library) -> None:
    spec = loaded(
        library,
        '[relationships]\nreplace = true\ntypes = ["needs"]\n'
        '[[groups]]\nname = "page"\n[body]\nreplace = true\n[[body.sections]]\ntitle = "Idea"\nwords = [1, 2]\n',
        {"properties": {"needs": {}}},
    )
    assert (spec.relationships.key, spec.relationships.types, spec.relationships.symmetric) == ("", ("needs",), ())
    assert [section.title for section in spec.body.sections] == ["Idea"]


def test_a_section_replaces_the_one_with_its_title(library: Library) -> None:
    spec = loaded(library, '[[body.sections]]\ntitle = "Context"\nreplace = true\nwords = [1, 2]\n')
    first = spec.body.sections[0]
    assert (first.title, first.words, first.prompt) == ("Context", (1, 2), "")
    assert len(spec.body.sections) == 8


def test_parts_of_the_extended_spec_are_dropped_with_what_is_about_them(library: Library) -> None:
    spec = loaded(
        library,
        '[drop]\ngroups = ["garden"]\nkeys = ["ontology", "aliases"]\nsections = ["Vitality"]\n'
        'types = ["alternatives", "specializes_to"]\n',
        None,
    )
    assert not {"graph_garden", "ontology", "aliases"} & {*spec.keys, *spec.defaults}
    assert (spec.garden.key, spec.scores.route, spec.tension) == ("", (), ())
    assert spec.confidence == ("lifecycle", "confidence")
    assert "Vitality" not in [section.title for section in spec.body.sections]
    assert (spec.relationships.symmetric, spec.relationships.inverse) == (("complementary",), ())


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ("[drop]\ngroups = ['gardn']", "5: `drop.groups` names `gardn`, which `7.1` does not have; did you mean `garden`?"),
        ("[drop]\nsections = [\n 'Contxt']", "6: `drop.sections` names `Contxt`, which `7.1` does not have; did you mean `Context`?"),
        ("[drop]\nkeys = ['licence']", "5: `drop.keys` names `licence`, which `7.1` does not have; did you mean `license`?"),
        ("[drop]\ntypes = ['tool']", "5: `drop.types` names `tool`, which `7.1` does not have; did you mean `tools`?"),
        ("[drop]\nkeyz = ['a']", "unknown setting `keyz` in `drop`; did you mean `keys`?"),
        ("[drop]\nkeys = 'a'", "`drop.keys` must be a list, not text"),
    ],
)  # fmt: skip
def test_a_name_in_drop_that_the_extended_spec_lacks_is_refused(library: Library, more: str, reason: str) -> None:
    folder = library(spec=f"{EXTENDING}{more}\n")
    (folder / "spec/page.schema.json").unlink()
    assert reason in refused(folder)


def test_drop_without_extends_is_refused(library: Library) -> None:
    assert "spec.toml:8: `drop` removes parts of the specification that `extends` names" in refused(
        library(spec=f"{HEAD}[drop]\nkeys = ['title']\n")
    )


def test_a_schema_with_another_suffix_is_named(library: Library) -> None:
    folder = library()
    (folder / "spec/page.schema.json").rename(folder / "spec/page.json")
    assert "page.schema.json not found; did you mean `page.json`?" in refused(folder)


# --- Built-in specs switched off --------------------------------------------------------------------------------------

OLD = "---\nid: pat_01kq3v9hexfe5xw2m8b4n7c6ad\nslug: old\nontology: {}\n---\n"


@pytest.mark.parametrize(
    ("setting", "versions"), [("true", {"t", "7.1"}), ("false", {"t"}), ('["8.2"]', {"t"}), ('["7.1"]', {"t", "7.1"})]
)
def test_built_in_specs_are_switched_off(library: Library, setting: str, versions: set[str]) -> None:
    folder = library(files={"old.md": OLD})
    (folder / "patternlint.toml").write_text(f'specs = ["spec"]\nbuiltin-specs = {setting}\n')
    (folder / "spec/spec.toml").write_text(HEAD.replace("rank = 5", 'any-key = ["title"]'))
    (folder / "p/a.md").write_text("---\nslug: a\ntitle: A\n---\n\nText.\n")
    shown = patternlint("--no-cache", "--output-format", "json", cwd=folder)
    assert json.loads(shown.out)["summary"]["patterns"].keys() == versions


def test_a_spec_extends_a_built_in_one_that_is_switched_off(library: Library) -> None:
    folder = library(spec=EXTENDING)
    (folder / "spec/page.schema.json").unlink()
    (folder / "patternlint.toml").write_text('specs = ["spec"]\nbuiltin-specs = false\n')
    (folder / "old.md").write_text(OLD)
    shown = patternlint("--no-cache", "--output-format", "json", cwd=folder)
    assert json.loads(shown.out)["summary"]["patterns"].keys() == {"t"}


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ("builtin-specs = ['7.2']", "patternlint.toml:1: `builtin-specs`: unknown specification `7.2`; did you mean `7.1`?"),
        ("builtin-specs = false", "patternlint.toml:1: `builtin-specs` leaves no specification; add your own to `specs`"),
        ("builtin-specs = 3", "patternlint.toml:1: `builtin-specs` must be"),
    ],
)  # fmt: skip
def test_built_in_specs_that_do_not_exist_are_refused(library: Library, config: str, reason: str) -> None:
    folder = library()
    (folder / "patternlint.toml").write_text(config)
    assert reason in refused(folder)
