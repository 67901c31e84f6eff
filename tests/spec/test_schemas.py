"""The JSON Schemas and `spec.toml` files, tried on themselves, on the example library and on real files."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from patternlint.spec.loader import load_specs
from patternlint.spec.model import Spec, SpecRegistry
from tests.support.command import ROOT
from tests.support.real_files import needs_corpus, real_files, sampled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

SCHEMAS = ROOT / "schemas"
LIBRARY = ROOT / "examples" / "library"
VERSIONS = ("7.1", "8.2", "1.3")

DIMENSIONS = (
    "stakeholder_architecture",
    "value_creation",
    "resilience",
    "ownership",
    "autonomy",
    "composability",
    "fractal_value",
)
ASSESSMENT = {*DIMENSIONS, "vitality", "vitality_reasoning", "overall_score"}
LINKS_71 = {
    "generalizes_from",
    "specializes_to",
    "enables",
    "requires",
    "alternatives",
    "complementary",
    "tools",
}
TOP = {
    "id",
    "slug",
    "title",
    "summary",
    "context_labels",
    "ontology",
    "lifecycle",
    "relationships",
    "graph_garden",
    "contributors",
    "sources",
    "license",
    "attribution",
}
LABELS = {"corporate", "government", "activist", "tech"}
REQUIRED: dict[str, dict[str, set[str]]] = {
    "7.1": {
        "": TOP,
        "context_labels": LABELS,
        "ontology": {"domain", "search_hints", "commons_assessment"},
        "ontology.search_hints": {"primary_tension", "vector_keywords"},
        "ontology.commons_assessment": ASSESSMENT,
        "lifecycle": {"status", "version", "confidence", "usage_stage", "adoption_stage"},
        "relationships": LINKS_71,
        "graph_garden": {"entities", "communities", "inferred_links", "last_pruned"},
    },
    "8.2": {
        "": TOP | {"orbital_layer", "sector", "gravitational_hubs"},
        "context_labels": LABELS,
        "ontology": {"domain", "search_hints", "commons_assessment"},
        "ontology.search_hints": {"primary_tension", "vector_keywords"},
        "ontology.commons_assessment": ASSESSMENT,
        "lifecycle": {"status", "version", "confidence"},
        "relationships": {"enables", "requires", "alternatives", "complementary"},
        "graph_garden": {"entities", "communities", "inferred_links"},
    },
}
OPTIONAL = {
    "7.1": {
        "aliases",
        "collection",
        "collection_ring",
        "7cs_arc",
        "domain_coverage",
        "transversal_category",
        "legacy",
        "ontology.cross_domains",
        "ontology.commons_domain",
        "ontology.specification_layer",
    },
}
OPTIONAL["8.2"] = {
    *OPTIONAL["7.1"],
    "lifecycle.usage_stage",
    "lifecycle.adoption_stage",
    "relationships.generalizes_from",
    "relationships.specializes_to",
    "relationships.tools",
    "relationships.manifests_as",
    "relationships.governed_by",
    "graph_garden.last_pruned",
}
X_RULES = {"item-shape", "version-type", "id-format", "slug-format"}
FAULTY = {
    "mentor-bench.md": [("lifecycle.status", "enum"), ("", "required")],
    "winter-kitchen.md": [("", "unevaluatedProperties")],
}
UNREADABLE = {"seed-swap-day.md"}


class Loader(yaml.CSafeLoader):
    """Reads plain dates as the strings they are: JSON has no dates."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def front_matter(path: Path) -> dict[str, Any] | None:
    """Return the front matter of a file, or None when it has none that can be read."""
    text = path.read_text(encoding="utf-8", errors="replace").removeprefix("\ufeff")
    parts = re.split(r"^---[ \t]*$", text, maxsplit=2, flags=re.MULTILINE)
    if len(parts) < 3 or parts[0]:
        return None
    try:
        data = yaml.load(parts[1], Loader=Loader)  # noqa: S506 - a safe loader, but for its dates
    except yaml.YAMLError:
        return None
    return data if isinstance(data, dict) else None


@cache
def specs() -> SpecRegistry:
    """Return all specs."""
    return load_specs()


def spec_of(data: Mapping[str, Any]) -> Spec | None:
    """Return the spec that front matter follows."""
    return specs().find(data, str(data.get("id", "")))


@cache
def documents(version: str) -> dict[str, dict[str, Any]]:
    """Return the schemas of a version by file name."""
    return {
        path.name: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted((SCHEMAS / version).glob("*.schema.json"))
    }


@cache
def registry(version: str) -> Registry[Any]:
    """Return the registry through which the schemas of a version find each other."""
    pairs = ((schema["$id"], Resource.from_contents(schema)) for schema in documents(version).values())
    return Registry().with_resources(pairs)


@cache
def validator(version: str, file: str) -> Draft202012Validator:
    """Return jsonschema's validator for one schema file."""
    return Draft202012Validator(documents(version)[file], registry=registry(version))


@cache
def fast_validator(version: str, file: str) -> jsonschema_rs.Draft202012Validator:
    """Return jsonschema-rs's validator for one schema file."""
    pairs = [(schema["$id"], schema) for schema in documents(version).values()]
    return jsonschema_rs.Draft202012Validator(documents(version)[file], registry=jsonschema_rs.Registry(pairs))


def at(schema: Mapping[str, Any], pointer: str) -> Any:
    """Return what a JSON pointer points at."""
    found: Any = schema
    for part in pointer.split("/")[1:]:
        found = found[int(part)] if isinstance(found, list) else found[part.replace("~1", "/").replace("~0", "~")]
    return found


def subschemas(schema: Any, pointer: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every subschema with its pointer, itself first."""
    if not isinstance(schema, dict):
        return
    yield pointer, schema
    for holder in ("properties", "$defs"):
        for name, child in schema.get(holder, {}).items():
            yield from subschemas(child, f"{pointer}/{holder}/{name}")
    for holder in ("items", "additionalProperties", "if", "then", "else"):
        yield from subschemas(schema.get(holder), f"{pointer}/{holder}")
    for holder in ("allOf", "anyOf", "oneOf"):
        for number, child in enumerate(schema.get(holder, ())):
            yield from subschemas(child, f"{pointer}/{holder}/{number}")


def explained(version: str) -> Iterator[tuple[str, str]]:
    """Yield file and pointer of every property and every named definition of a version."""
    for file, schema in documents(version).items():
        for pointer, _ in subschemas(schema):
            if pointer.rpartition("/")[0].endswith(("/properties", "/$defs")):
                yield file, pointer


def errors(version: str, group: str, part: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return route, keyword and x-rule of every error in a group, in order."""
    found = {
        (
            ".".join(map(str, error.absolute_path)),
            str(error.validator),
            error.schema.get("x-rule", "") if isinstance(error.schema, dict) else "",
        )
        for error in validator(version, f"{group}.schema.json").iter_errors(part)
    }
    return sorted(found)


FILES = [(version, file) for version in VERSIONS for file in documents(version)]
EXPLAINED = [(version, file, pointer) for version in VERSIONS for file, pointer in explained(version)]
MODERN = ("7.1", "8.2")


@pytest.mark.parametrize(("version", "file"), FILES)
class TestEverySchema:
    def test_it_is_a_valid_schema(self, version: str, file: str) -> None:
        schema = documents(version)[file]
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert schema["$id"] == f"https://patternlint.dev/schemas/{version}/{file}"
        Draft202012Validator.check_schema(schema)
        assert jsonschema_rs.meta.is_valid(schema)

    def test_it_is_written_in_the_one_form(self, version: str, file: str) -> None:
        text = (SCHEMAS / version / file).read_text(encoding="utf-8")
        assert text == json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"

    def test_annotations_are_known(self, version: str, file: str) -> None:
        for pointer, schema in subschemas(documents(version)[file]):
            assert schema.get("x-rule") in {None, *X_RULES}, pointer
            assert set(schema.get("x-strict-enum", ())) <= set(schema.get("enum", ())), pointer

    def test_unions_are_avoided(self, version: str, file: str) -> None:
        for pointer, schema in subschemas(documents(version)[file]):
            assert not {"anyOf", "oneOf", "not"} & set(schema), f"{pointer}: an if/then is explained more clearly"


@pytest.mark.parametrize(("version", "file", "pointer"), EXPLAINED)
def test_every_property_explains_itself(version: str, file: str, pointer: str) -> None:
    schema = at(documents(version)[file], pointer)
    assert schema["title"]
    assert schema["description"].endswith((".", "?"))
    assert schema["examples"]
    lone = Draft202012Validator(
        {"$ref": f"https://patternlint.dev/schemas/{version}/{file}#{pointer}"}, registry=registry(version)
    )
    for example in schema["examples"]:
        assert [error.message for error in lone.iter_errors(example)] == []


@pytest.mark.parametrize("version", VERSIONS)
class TestEverySpec:
    def test_groups_and_schemas_agree(self, version: str) -> None:
        spec = specs().by_version[version]
        found = {file.removesuffix(".schema.json") for file in documents(version)} - {"pattern"}
        assert {group.name for group in spec.groups} == found
        for group in spec.groups:
            schema = documents(version)[f"{group.name}.schema.json"]
            assert set(group.keys) == set(schema["properties"])
            assert not set(group.optional) & set(schema["required"])
            assert "additionalProperties" not in schema

    def test_the_joined_schema_joins_all(self, version: str) -> None:
        joined = documents(version)["pattern.schema.json"]
        names = [group.name for group in specs().by_version[version].groups]
        assert joined["allOf"] == [{"$ref": f"{name}.schema.json"} for name in names]
        assert joined["unevaluatedProperties"] is False

    def test_other_key_orders_hold_the_same_keys(self, version: str) -> None:
        spec = specs().by_version[version]
        for order in spec.key_orders:
            assert sorted(order) == sorted(spec.keys)

    def test_no_rank_is_shared(self, version: str) -> None:
        ranks = [spec.mark.rank for spec in specs().all]
        assert ranks.count(specs().by_version[version].mark.rank) == 1


def test_marks_come_before_contents() -> None:
    keys = {"orbital_layer": 1, "ontology": {}, "classification": {}}
    found = [
        specs().find(keys, "lh_01"),
        specs().find(keys, "ent_01"),
        specs().find(keys, "pat_01"),
        specs().find({"ontology": {}, "classification": {}}, "pat_01"),
        specs().find({"classification": {}}, "pat_01"),
        specs().find({"classification": "a word"}, "pat_01"),
    ]
    versions = [spec.version if spec else None for spec in found]
    assert versions == ["lighthouse", "entity", "8.2", "7.1", "1.3", None]


def nested(version: str) -> dict[str, dict[str, Any]]:
    """Return the mappings of the front matter by their routes, the front matter itself as ""."""
    found: dict[str, dict[str, Any]] = {"": {"required": [], "properties": {}}}
    for file, schema in documents(version).items():
        if file == "pattern.schema.json":
            continue
        found[""]["required"] += schema["required"]
        found[""]["properties"] |= schema["properties"]
    waiting = [("", found[""])]
    while waiting:
        route, schema = waiting.pop()
        for key, child in schema["properties"].items():
            if "properties" in child:
                inner = f"{route}.{key}".lstrip(".")
                found[inner] = child
                waiting.append((inner, child))
    return found


@pytest.mark.parametrize("version", MODERN)
def test_required_and_optional_keys(version: str) -> None:
    mappings = nested(version)
    required = {
        route: set(schema.get("required", schema.get("then", {}).get("required", ())))
        for route, schema in mappings.items()
    }
    assert required == REQUIRED[version]
    optional = {
        f"{route}.{key}".lstrip(".")
        for route, schema in mappings.items()
        for key in schema["properties"]
        if key not in required[route]
    }
    assert optional == OPTIONAL[version]


@pytest.mark.parametrize("version", MODERN)
def test_only_context_labels_are_open(version: str) -> None:
    for route, schema in nested(version).items():
        if route not in {"", "context_labels"}:
            assert schema["additionalProperties"] is False, route


def library(*, faulty: bool) -> list[Path]:
    """Return the readable patterns of the example library that the schemas find fault with, or the others."""
    paths = sorted(path for path in LIBRARY.glob("*.md") if path.name not in {"README.md", *UNREADABLE})
    return [path for path in paths if (path.name in FAULTY) is faulty]


@pytest.mark.parametrize("path", library(faulty=False), ids=lambda path: path.stem)
def test_good_examples_are_accepted(path: Path) -> None:
    data = front_matter(path)
    assert data is not None
    spec = spec_of(data)
    assert spec is not None
    assert [error.message for error in validator(spec.version, "pattern.schema.json").iter_errors(data)] == []
    assert fast_validator(spec.version, "pattern.schema.json").is_valid(data)


@pytest.mark.parametrize("path", library(faulty=True), ids=lambda path: path.stem)
def test_faulty_examples_are_refused(path: Path) -> None:
    data = front_matter(path)
    assert data is not None
    spec = spec_of(data)
    assert spec is not None
    found = validator(spec.version, "pattern.schema.json").iter_errors(data)
    listed = {(".".join(map(str, error.absolute_path)), str(error.validator)) for error in found}
    assert listed >= set(FAULTY[path.name])
    assert not fast_validator(spec.version, "pattern.schema.json").is_valid(data)


def test_the_unreadable_example_is_unreadable() -> None:
    assert [front_matter(LIBRARY / name) for name in sorted(UNREADABLE)] == [None]


def test_example_files_are_called_as_their_slugs() -> None:
    for path in library(faulty=False) + library(faulty=True):
        data = front_matter(path)
        assert data is not None
        assert data["slug"] == path.stem


def assert_same_verdict(path: Path, data: Mapping[str, Any], spec: Spec) -> None:
    """Let both validators judge each group of one file."""
    for group in spec.groups:
        part = {key: data[key] for key in group.keys if key in data}
        file = f"{group.name}.schema.json"
        slow = validator(spec.version, file).is_valid(part)
        assert slow == fast_validator(spec.version, file).is_valid(part), f"{path}: {group.name}"


def assert_same_verdicts(paths: Iterable[Path]) -> Counter[str]:
    """Let both validators judge each file, and return how many follow each spec."""
    judged = Counter[str]()
    for path in paths:
        data = front_matter(path)
        spec = spec_of(data) if data else None
        if data and spec and spec.version in VERSIONS:
            judged[spec.version] += 1
            assert_same_verdict(path, data, spec)
    return judged


def test_both_validators_agree_on_every_example() -> None:
    assert assert_same_verdicts(sorted(LIBRARY.rglob("*.md"))).total() > 5


@needs_corpus
@sampled
def test_both_validators_agree_on_every_file(*, sample: bool) -> None:
    judged = assert_same_verdicts(real_files("commons-os", "luebeck", sample=sample))
    assert judged.keys() == set(VERSIONS)
    assert min(judged.values()) >= 100


def relationships(version: str, item: Any) -> dict[str, Any]:
    """Return a group of relationships with one item."""
    lists: dict[str, list[Any]] = {kind: [] for kind in sorted(REQUIRED[version]["relationships"])}
    return {"relationships": lists | {"enables": [item]}}


SHAPE = ("relationships.enables.0", "item-shape")


@pytest.mark.parametrize("version", MODERN)
@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"slug": "a", "weight": 1}, set()),
        ({"slug": "a", "weight": 0.5, "description": "b"}, set()),
        ({"typeid": "pat_a", "slug": "a", "weight": 0.5, "source": "curated"}, set()),
        ("a", {SHAPE}),
        (None, {SHAPE}),
        ({"id": "a", "weight": 0.5}, {SHAPE}),
        ({"slug": "a"}, {SHAPE}),
        ({"slug": "a", "weight": 0.5, "id": "a"}, {SHAPE}),
        ({"slug": "a", "weight": 0.5, "source": "curated"}, {SHAPE}),
        ({"typeid": "pat_a", "slug": "a", "weight": 0.5}, {SHAPE}),
        ({"slug": "a", "weight": 1.1}, {("relationships.enables.0.weight", "")}),
        ({"slug": "a", "weight": "high"}, {("relationships.enables.0.weight", "")}),
        (
            {"typeid": "pat_a", "slug": "a", "weight": 0.5, "source": "rumour"},
            {("relationships.enables.0.source", "")},
        ),
    ],
)
def test_shapes_of_a_relationship(version: str, item: Any, expected: set[tuple[str, str]]) -> None:
    found = errors(version, "relationships", relationships(version, item))
    assert {(route, rule) for route, _, rule in found} == expected


def garden(key: str, item: Any, last_pruned: Any = "2026-03-14") -> dict[str, Any]:
    """Return a garden with one item in one of its lists."""
    lists = {"entities": [], "communities": [], "inferred_links": []} | {key: [item]}
    return {"graph_garden": {"last_pruned": last_pruned} | lists}


@pytest.mark.parametrize("version", MODERN)
@pytest.mark.parametrize(
    ("key", "item", "expected"),
    [
        ("inferred_links", {"target": "a", "type": "enables", "confidence": 0.5, "reason": "b"}, []),
        ("inferred_links", {"target": "a"}, []),
        ("inferred_links", {"target": "a", "strength": 3, "confidence": 0.5}, []),
        ("inferred_links", {"target": "a", "strength": 3, "reason": "b"}, [("", "required", "item-shape")]),
        ("inferred_links", "a", [("", "type", "item-shape")]),
        ("inferred_links", {"target": "a", "type": "enabler"}, [(".type", "enum", "")]),
        ("inferred_links", {"target": "a", "confidence": 2}, [(".confidence", "maximum", "")]),
        ("entities", {"id": "a"}, []),
        ("entities", "A Thing", [("", "type", "item-shape")]),
        ("entities", {"id": "a", "type": "mood"}, [(".type", "enum", "")]),
        ("entities", {"id": "a", "lable": "A"}, [("", "additionalProperties", "")]),
        ("communities", "a-place", [("", "type", "item-shape")]),
        (
            "communities",
            {"id": "a", "source": "rumour", "confidence": -1},
            [(".confidence", "minimum", ""), (".source", "enum", "")],
        ),
    ],
)
def test_shapes_in_the_garden(version: str, key: str, item: Any, expected: list[tuple[str, str, str]]) -> None:
    found = errors(version, "garden", garden(key, item))
    assert found == [(f"graph_garden.{key}.0{route}", keyword, rule) for route, keyword, rule in expected]


@pytest.mark.parametrize("version", MODERN)
@pytest.mark.parametrize("value", ["2026-03-14", "last spring", None, 20260314])
def test_the_date_is_left_to_its_rule(version: str, value: Any) -> None:
    data = garden("entities", {"id": "a"}, value)
    assert errors(version, "garden", data) == []
    assert fast_validator(version, "garden.schema.json").is_valid(data)


@pytest.mark.parametrize("version", MODERN)
@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({}, [("context_labels", "minProperties", "")]),
        ({"community": "A"}, [("context_labels", "required", "")]),
        (dict.fromkeys((*sorted(LABELS), "academic"), "A"), []),
        (dict.fromkeys(sorted(LABELS), "A") | {"community": 3}, [("context_labels.community", "type", "")]),
        ([], [("context_labels", "type", "")]),
    ],
)
def test_context_labels(version: str, labels: Any, expected: list[tuple[str, str, str]]) -> None:
    assert errors(version, "context", {"context_labels": labels}) == expected


@pytest.mark.parametrize(
    ("hub", "expected"),
    [
        ({"hub_id": "a", "influence": 0.5, "principle": "b", "force": "c"}, []),
        ("a", [("", "type", "item-shape")]),
        ({"hub_id": "a"}, [("", "required", "item-shape")]),
        ({"hub_id": "a", "influence": 0.5, "weight": 1}, [("", "additionalProperties", "")]),
        ({"hub_id": "a", "influence": 5}, [(".influence", "maximum", "")]),
    ],
)
def test_shapes_of_a_hub(hub: Any, expected: list[tuple[str, str, str]]) -> None:
    identity = "pat_01kh8ad0m6eqtt63hys8cf2dej"
    data = {"id": identity, "orbital_layer": 5, "sector": "Life", "gravitational_hubs": [hub]}
    found = errors("8.2", "position", data)
    assert found == [(f"gravitational_hubs.0{route}", keyword, rule) for route, keyword, rule in expected]


def test_tools_of_8_2_are_free() -> None:
    data = relationships("8.2", {"slug": "a", "weight": 1})
    data["relationships"]["tools"] = ["a", {"name": "b"}, {"slug": "c", "type": "d"}]
    assert errors("8.2", "relationships", data) == []


@pytest.mark.parametrize("version", MODERN)
def test_a_version_in_quotes_is_its_own_rule(version: str) -> None:
    data = {"status": "draft", "version": "1.0.0", "confidence": 4, "usage_stage": "design", "adoption_stage": "seed"}
    assert errors(version, "lifecycle", {"lifecycle": data}) == [
        ("lifecycle.confidence", "maximum", ""),
        ("lifecycle.version", "type", "version-type"),
    ]


FILLED = {
    "id": "pat_01kh8ad0m6eqtt63hys8cf2dej",
    "slug": "a-new-pattern",
    "title": "A New Pattern",
    "sector": "Universal",
    "today": "2026-03-14",
}


@pytest.mark.parametrize("version", MODERN)
class TestWhatNewWrites:
    def test_its_front_matter_is_valid(self, version: str) -> None:
        spec = specs().by_version[version]
        text = "\n".join(spec.defaults[key] for key in spec.keys if key in spec.defaults)
        for name, value in FILLED.items():
            text = text.replace("{{" + name + "}}", value)
        assert "{{" not in text
        data = yaml.load(text, Loader=Loader)  # noqa: S506 - a safe loader, but for its dates
        optional = {key for group in spec.groups for key in group.optional}
        assert list(data) == [key for key in spec.keys if key not in optional]
        assert [error.message for error in validator(version, "pattern.schema.json").iter_errors(data)] == []

    def test_its_lines_are_short_enough(self, version: str) -> None:
        spec = specs().by_version[version]
        for text in spec.defaults.values():
            assert max(map(len, text.splitlines())) <= spec.style.fold_width
            assert text == text.rstrip()

    def test_its_prompts_differ_from_written_text(self, version: str) -> None:
        sections = specs().by_version[version].body.sections
        assert len(sections) == 8
        for section in sections:
            assert re.search(r"\[[A-Z][^\]]+\]", section.prompt), section.title
            assert "words)" not in section.prompt
            assert section.words[0] < section.words[1]

    def test_its_conflict_is_its_tension(self, version: str) -> None:
        spec = specs().by_version[version]
        tension = "[One force] vs. [The force against it]"
        assert f'primary_tension: "{tension}"' in spec.defaults["ontology"]
        assert f"> **The core conflict is {tension}.**" in spec.body.sections[1].prompt


@pytest.mark.parametrize("path", library(faulty=False), ids=lambda path: path.stem)
def test_good_examples_list_their_strongest_links_first(path: Path) -> None:
    data = front_matter(path)
    assert data is not None
    for kind, items in data["relationships"].items():
        weights = [item["weight"] for item in items if "weight" in item]
        assert all(before >= after for before, after in pairwise(weights)), kind
