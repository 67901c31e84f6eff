"""JSON Schema errors: what each keyword becomes, where it points, and that the two validators agree."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patternlint.document.pattern import Pattern
from patternlint.parser.parser import parse
from patternlint.source import Source
from patternlint.spec.loader import SpecError, load_spec, load_specs
from patternlint.spec.model import Spec
from patternlint.spec.schemas import bundle_schema, compile_pattern, load_group_schema
from patternlint.validation.failures import Explainer, make_validator
from patternlint.validation.mapping import to_violations
from patternlint.validation.validator import SchemaValidator
from patternlint.validation.violation import SchemaViolation
from tests.support.jsonschema_oracle import from_jsonschema, validator_class
from tests.support.real_files import needs_corpus, real_files, sampled

SPECS = load_specs()

MakeSpec = Callable[..., Spec]


@pytest.fixture
def make(tmp_path: Path) -> MakeSpec:
    """Return a function that writes a spec with one group, `g`, whose keys and schema are given."""

    def make_spec(schema: Any, keys: tuple[str, ...] = ("a", "b")) -> Spec:
        folder = tmp_path / f"spec-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        (folder / "spec.toml").write_text(
            f'version = "own"\ntitle = "Own"\n[mark]\nrank = 1\n[[groups]]\nname = "g"\nkeys = {json.dumps(keys)}\n'
        )
        (folder / "g.schema.json").write_text(schema if isinstance(schema, str) else json.dumps(schema))
        return load_spec(folder)

    return make_spec


def pattern_of(text: str, spec: Spec) -> Pattern:
    parsed = parse(Source("a.md", f"---\n{text}---\n".encode()), SPECS, spec=spec, named=True)
    assert parsed.pattern is not None, parsed.problem
    return parsed.pattern


def written(data: dict[str, Any]) -> str:
    """Return front matter that holds `data`."""
    return "".join(f"{key}: {json.dumps(value)}\n" for key, value in data.items())


def assert_explained_alike(schema: Any, pattern: Pattern, part: Any) -> None:
    """Let jsonschema alone, and the quick way, explain `part` of a pattern."""
    root = pattern.front.root
    slowly = to_violations(map(from_jsonschema, validator_class()(schema).iter_errors(part)), root)
    assert sorted(map(repr, to_violations(Explainer(schema).failures(part), root))) == sorted(map(repr, slowly))


def errors_of(text: str, spec: Spec) -> list[SchemaViolation]:
    return list(SchemaValidator(spec).iter_violations(pattern_of(text, spec)))


def messages_of(text: str, spec: Spec) -> list[tuple[str, str, str]]:
    """Return rule, route and marked text of every error."""
    pattern = pattern_of(text, spec)
    return [
        (error.rule, "/".join(map(str, error.route)), pattern.source.slice(error.node.label_span))
        for error in SchemaValidator(spec).iter_violations(pattern)
    ]


def properties(**inner: Any) -> dict[str, Any]:
    return {"type": "object", "properties": inner}


@pytest.mark.parametrize(
    ("schema", "text", "expected"),
    [
        ({"type": "array"}, "a: ü\n", ("wrong-type", "a", "ü")),
        ({"type": "array"}, "a:\n", ("wrong-type", "a", "a")),
        ({"type": "array"}, "a:\n  b: 1\n", ("wrong-type", "a", "a")),
        ({"type": "integer"}, "a: 2.5\n", ("wrong-type", "a", "2.5")),
        ({"type": "number"}, "a: .nan\n", ("wrong-type", "a", ".nan")),
        ({"type": "number", "maximum": 5}, "a: .inf\n", ("wrong-type", "a", ".inf")),
        ({"items": {"type": "string"}}, "a:\n  - ü\n  - 3\n", ("wrong-type", "a/1", "3")),
        ({"enum": ["ü", "v"]}, 'a: "w"\n', ("invalid-enum", "a", '"w"')),
        ({"const": "v"}, "a: w\n", ("invalid-enum", "a", "w")),
        ({"minimum": 1}, "a: 0\n", ("out-of-range", "a", "0")),
        ({"exclusiveMaximum": 1}, "a: 1\n", ("out-of-range", "a", "1")),
        ({"minLength": 1}, 'a: ""\n', ("empty-value", "a", '""')),
        ({"minItems": 1}, "a: []\n", ("empty-value", "a", "[]")),
        ({"minProperties": 1}, "a: {}\n", ("empty-value", "a", "{}")),
        ({"minLength": 3}, "a: ü\n", ("invalid-value", "a", "ü")),
        ({"minItems": 3}, "a: [ü]\n", ("invalid-value", "a", "[ü]")),
        ({"maxLength": 1}, "a: üü\n", ("invalid-value", "a", "üü")),
        ({"pattern": "^[a-z]+$"}, "a: Ü\n", ("invalid-value", "a", "Ü")),
        ({"uniqueItems": True}, "a: [1, 1]\n", ("invalid-value", "a", "[1, 1]")),
        ({"multipleOf": 0.1}, "a: 0.25\n", ("invalid-value", "a", "0.25")),
        ({"contains": {"const": 2}}, "a: [1]\n", ("invalid-value", "a", "[1]")),
        ({"prefixItems": [{}], "items": False}, "a: [1, 2]\n", ("invalid-value", "a", "[1, 2]")),
        ({"not": {"const": 2}}, "a: 2\n", ("invalid-value", "a", "2")),
        ({"oneOf": [{"type": "number"}, {"minimum": 1}]}, "a: 2\n", ("invalid-value", "a", "2")),
        ({"required": ["c"]}, "a:\n  d: 1\n", ("missing-key", "a/c", "a")),
        ({"items": {"required": ["c"]}}, "a:\n  - d: ü\n", ("missing-key", "a/0/c", "d: ü")),
        ({"dependentRequired": {"d": ["c"]}}, "a:\n  d: 1\n", ("missing-key", "a/c", "a")),
        ({"additionalProperties": False}, "a:\n  ü: 1\n", ("unknown-key", "a/ü", "1")),
        (
            {"unevaluatedProperties": False, "allOf": [{"properties": {"d": {}}}]},
            "a:\n  d: 1\n  e: 2\n",
            ("unknown-key", "a/e", "2"),
        ),
        ({"propertyNames": {"pattern": "^[a-z]+$"}}, "a:\n  Ü: 1\n", ("unknown-key", "a/Ü", "1")),
        (
            {"patternProperties": {"^x": {}}, "additionalProperties": False},
            "a:\n  xy: 1\n  z: 2\n",
            ("unknown-key", "a/z", "2"),
        ),
        (False, "a: ü\n", ("unknown-key", "a", "ü")),
        ({"type": "number", "x-rule": "version-type"}, "a: ü\n", ("version-type", "a", "ü")),
        ({"x-rule": "item-shape", "required": ["c"]}, "a: {d: 1}\n", ("item-shape", "a", "{d: 1}")),
        ({"x-rule": "my/rule", "minimum": 3}, "a: 2\n", ("out-of-range", "a", "2")),
    ],
)
def test_the_rule_and_the_place_of_a_keyword(
    make: MakeSpec, schema: Any, text: str, expected: tuple[str, str, str]
) -> None:
    assert messages_of(text, make(properties(a=schema))) == [expected]


def test_a_missing_key_at_the_top_belongs_to_the_root(make: MakeSpec) -> None:
    (error,) = errors_of("a: 1\n", make({"required": ["a", "b"], "properties": {"b": {"description": "what"}}}))
    assert (error.rule, error.route, error.value, error.schema) == ("missing-key", ("b",), "b", {"description": "what"})


def test_every_missing_key_is_one_error(make: MakeSpec) -> None:
    errors = errors_of("a: {}\n", make(properties(a={"required": ["c", "d", "e"]})))
    assert [error.route for error in errors] == [("a", "c"), ("a", "d"), ("a", "e")]


def test_keys_that_no_group_has_are_unknown(make: MakeSpec) -> None:
    (error,) = errors_of("a: 1\nc: 2\n", make({}))
    assert (error.rule, error.route, error.known) == ("unknown-key", ("c",), ("a", "b"))


@pytest.mark.parametrize(
    ("more", "rules"),
    [
        ({}, ["unknown-key"]),
        ({"maxProperties": 1}, ["unknown-key"]),
        ({"additionalProperties": False, "properties": {"a": {}}}, ["unknown-key"]),
        ({"required": ["x"]}, ["missing-key", "unknown-key"]),
        ({"properties": {"a": {}, "x": False}}, ["unknown-key"]),
    ],
)
def test_the_schema_of_a_group_sees_the_keys_of_no_other(
    make: MakeSpec, more: dict[str, Any], rules: list[str]
) -> None:
    spec = make({"$id": "https://example.org/g", "type": "object"} | more, ("a",))
    assert [rule for rule, *_ in messages_of("a: 1\nx: 2\n", spec)] == rules


def test_a_spec_without_groups_has_no_keys() -> None:
    assert errors_of("id: ent_1\nü: 1\n", Spec("page", "Page")) == []


def test_where_else_a_key_is_known() -> None:
    found = {
        error.route: error.elsewhere for error in errors_of("commons_domain: [x]\nü: 1\n", SPECS.by_version["7.1"])
    }
    assert found["commons_domain",] == ("ontology", "commons_domain")
    assert found["ü",] == ()


class TestOneCauseIsOneViolation:
    def test_a_wrong_type_says_all(self, make: MakeSpec) -> None:
        spec = make(properties(a={"type": "string", "enum": ["x"], "not": {"type": "null"}}))
        assert messages_of("a:\n", spec) == [("wrong-type", "a", "a")]

    def test_the_shape_of_an_item_covers_its_keys(self, make: MakeSpec) -> None:
        item = {
            "additionalProperties": False,
            "properties": {"slug": {}, "weight": {}},
            "allOf": [{"x-rule": "item-shape", "type": "object", "required": ["slug"]}],
        }
        spec = make(properties(a={"items": item}))
        assert messages_of("a: [{id: 1}, 3]\n", spec) == [("item-shape", "a/0", "{id: 1}"), ("item-shape", "a/1", "3")]

    def test_values_in_such_an_item_are_still_checked(self) -> None:
        text = (
            "graph_garden:\n  inferred_links:\n    - {strength: 1, type: ü, confidence: x}\n    - {strength: 1, type: ü}\n"
            "relationships:\n  enables:\n    - {id: x, weight: 2, source: ü}\n    - {id: x, weight: x}\n"
        )
        rules = [
            (rule, route)
            for rule, route, _ in messages_of(text, SPECS.by_version["7.1"])
            if "/0" in route or "/1" in route
        ]
        assert sorted(rules) == [
            ("invalid-enum", "graph_garden/inferred_links/0/type"),
            ("invalid-enum", "graph_garden/inferred_links/1/type"),
            ("invalid-enum", "relationships/enables/0/source"),
            ("item-shape", "graph_garden/inferred_links/1"),
            ("item-shape", "relationships/enables/0"),
            ("item-shape", "relationships/enables/1"),
            ("out-of-range", "relationships/enables/0/weight"),
            ("wrong-type", "graph_garden/inferred_links/0/confidence"),
            ("wrong-type", "relationships/enables/1/weight"),
        ]


class TestUnions:
    def test_types_are_joined_when_all_branches_fail_by_type(self, make: MakeSpec) -> None:
        union = {"anyOf": [{"type": "string"}, {"type": ["null", "string"]}, {"type": "array", "items": {}}]}
        (error,) = errors_of("a: 3\n", make(properties(a=union)))
        assert (error.rule, error.keyword, error.expected) == ("wrong-type", "type", ["string", "null", "array"])

    def test_the_branch_whose_type_fits_explains(self, make: MakeSpec) -> None:
        union = {
            "oneOf": [
                {"type": "string"},
                {"type": "object", "required": ["c"], "properties": {"d": {"type": "string"}}},
            ]
        }
        assert messages_of("a:\n  d: 3\n", make(properties(a=union))) == [
            ("missing-key", "a/c", "a"),
            ("wrong-type", "a/d", "3"),
        ]

    def test_the_branch_whose_fixed_value_fits_explains(self, make: MakeSpec) -> None:
        union = {
            "anyOf": [
                {"properties": {"kind": {"const": "x"}}},
                {"properties": {"kind": {"const": "y"}, "n": {"maximum": 1}, "m": {"maximum": 1}}},
            ]
        }
        assert messages_of("a: {kind: y, n: 2, m: 3}\n", make(properties(a=union))) == [
            ("out-of-range", "a/n", "2"),
            ("out-of-range", "a/m", "3"),
        ]

    def test_fixed_values_are_joined_when_all_branches_fail_by_them(self, make: MakeSpec) -> None:
        union = {"anyOf": [{"const": "x"}, {"enum": ["y", "z", "x"]}]}
        (error,) = errors_of("a: w\n", make(properties(a=union)))
        assert (error.rule, error.expected) == ("invalid-enum", ["x", "y", "z"])

    def test_unions_in_unions(self, make: MakeSpec) -> None:
        union = {"anyOf": [{"type": "null"}, {"anyOf": [{"type": "object", "required": ["c"]}, {"type": "array"}]}]}
        assert messages_of("a: {d: 1}\n", make(properties(a=union))) == [("missing-key", "a/c", "{d: 1}")]

    def test_branches_that_fail_alike_end(self, make: MakeSpec) -> None:
        union = {"anyOf": [{"minimum": 5}, {"minimum": 6}]}
        assert messages_of("a: 1\n", make(properties(a=union))) == [("out-of-range", "a", "1")]

    def test_a_branch_that_allows_nothing(self, make: MakeSpec) -> None:
        assert messages_of("a: 1\n", make(properties(a={"anyOf": [False]}))) == [("unknown-key", "a", "1")]
        assert messages_of("a: 1\n", make(properties(a={"anyOf": [False, {"minimum": 5}]}))) == [
            ("unknown-key", "a", "1")
        ]

    def test_a_rule_beside_a_union_speaks_for_it(self, make: MakeSpec) -> None:
        union = {"x-rule": "my/rule", "anyOf": [{"type": "string"}, {"type": "null"}]}
        assert messages_of("a: 1\n", make(properties(a=union))) == [("my/rule", "a", "1")]


class TestStrictEnums:
    def test_values_in_use_that_the_specification_does_not_list(self) -> None:
        text = "lifecycle:\n  usage_stage: application\n  adoption_stage: growth\n  status: published\n"
        strict = [error for error in errors_of(text, SPECS.by_version["7.1"]) if error.rule == "enum-strict"]
        assert [error.route for error in strict] == [("lifecycle", "usage_stage")]
        assert strict[0].expected == ["ideation", "design", "implementation", "operation"]

    def test_in_items_behind_references_and_in_schemas_that_hold_themselves(self, make: MakeSpec) -> None:
        node = {
            "properties": {
                "kind": {"enum": ["x", "y"], "x-strict-enum": ["x"]},
                "inner": {"items": {"$ref": "#/$defs/node"}},
            }
        }
        spec = make({"properties": {"a": {"items": {"allOf": [{"$ref": "#/$defs/node"}]}}}, "$defs": {"node": node}})
        text = "a:\n  - kind: y\n  - kind: x\n    inner:\n      - kind: y\n"
        assert messages_of(text, spec) == [("enum-strict", "a/0/kind", "y")]

    def test_without_an_enum_beside_it(self, make: MakeSpec) -> None:
        assert messages_of("a: z\n", make(properties(a={"x-strict-enum": ["x"]}))) == [("enum-strict", "a", "z")]


class TestTheTwoValidators:
    """jsonschema-rs decides, jsonschema explains: what the one refuses, the other must explain."""

    @pytest.mark.parametrize(
        ("schema", "value"),
        [
            ({"type": "integer"}, 3.0),
            ({"type": "integer"}, 10**40),
            ({"type": "number"}, math.inf),
            ({"type": "number"}, math.nan),
            ({"maximum": 5}, 10**290),
            ({"enum": [1]}, 1.0),
            ({"enum": [1]}, True),
            ({"const": 0}, False),
            ({"minLength": 2}, "😀"),
            ({"pattern": "^[a-z]+$"}, "abc\n"),
            ({"pattern": r"^\d$"}, "٣"),
            ({"pattern": r"^\w$"}, "ü"),
            ({"pattern": r"^[$]$"}, "$"),
            ({"pattern": r"^\$$"}, "$"),
            ({"multipleOf": 0.1}, 0.3),
            ({"multipleOf": 0.1}, 4.35),
            ({"multipleOf": 0.01}, 4.35),
            ({"uniqueItems": True}, [1, True]),
            ({"uniqueItems": True}, [1, 1.0]),
            ({"format": "date"}, "no date"),
            ({"anyOf": [{"type": "string"}, {"type": "null"}]}, 3),
        ],
    )
    def test_agree_on_doubtful_cases(self, make: MakeSpec, schema: Any, value: Any) -> None:
        spec = make(properties(a=schema))
        explained = list(validator_class()(load_group_schema(spec, "g")).iter_errors({"a": value}))
        assert not explained or list(Explainer(load_group_schema(spec, "g")).failures({"a": value}))
        assert bool(explained) != make_validator(properties(a=schema)).is_valid({"a": value})

    def test_explain_a_list_without_items_in_the_order_of_the_schema(self, make: MakeSpec) -> None:
        spec = make(properties(a={"items": False, "maxItems": 0}))
        part = {"a": [None]}
        assert_explained_alike(load_group_schema(spec, "g"), pattern_of(written(part), spec), part)

    @settings(deadline=None)
    @given(st.data())
    def test_agree_on_front_matter_that_is_bent(self, data: st.DataObject) -> None:
        pattern = pattern_of(SEED, SPECS.by_version["7.1"])
        routes = [route for route, _ in pattern.front.root.walk() if route]
        bent = json.loads(json.dumps(pattern.data))
        for route in data.draw(st.lists(st.sampled_from(routes), max_size=4)):
            place: Any = bent
            try:
                for step in route[:-1]:
                    place = place[step]
                if isinstance(place, dict) == isinstance(route[-1], str):  # keys of front matter are text
                    place[route[-1]] = data.draw(VALUES)
            except (KeyError, IndexError, TypeError):
                continue
        spec = SPECS.by_version["7.1"]
        pattern = pattern_of(written(bent), spec)
        for group in spec.groups:
            part = {key: pattern.data[key] for key in group.keys if key in bent}
            schema = load_group_schema(spec, group.name)
            slow = validator_class()(schema)
            assert jsonschema_rs.Draft202012Validator(schema).is_valid(part) == slow.is_valid(part)
            assert_explained_alike(schema, pattern, part)

    @settings(deadline=None, max_examples=300)
    @given(st.data())
    def test_explain_by_any_schema_alike(self, data: st.DataObject) -> None:
        schema = properties(a=data.draw(ANY_SCHEMA)) | {"$defs": {"any": data.draw(ANY_SCHEMA_BUT_REFERENCES)}}
        pattern = pattern_of(written({"a": data.draw(VALUES)}), SPECS.by_version["7.1"])
        if not make_validator(schema).is_valid(pattern.data):
            assert_explained_alike(schema, pattern, pattern.data)

    @pytest.mark.parametrize(
        "schema",
        [
            {"items": {"type": "string"}},
            {"prefixItems": [{"type": "string"}], "items": {"type": "integer"}},
            {"items": False},
            {"items": {"$ref": "#/$defs/short"}},
            {"items": {"$ref": "#/properties/b"}},
            {"items": {"$id": "https://example.org/item", "$defs": {"x": {"const": 3}}, "$ref": "#/$defs/x"}},
            {"items": {"anyOf": [{"type": "object", "properties": {"x": {"$ref": "#"}}}, {"type": "string"}]}},
        ],
    )
    def test_nothing_is_passed_over_where_a_part_has_references(self, schema: Any) -> None:
        whole = properties(a=schema, b={"type": "integer"}) | {"$defs": {"short": {"maxLength": 1, "type": "string"}}}
        for value in ([], ["x"], ["x", 3], [3, "long"], [{"x": {"a": 3}}, {"x": {"b": "no"}}], "no list", {"x": 3}):
            pattern = pattern_of(written({"a": value}), SPECS.by_version["7.1"])
            assert_explained_alike(whole, pattern, pattern.data)

    @needs_corpus
    @sampled
    def test_agree_on_every_real_file(self, *, sample: bool) -> None:
        checked: dict[tuple[str, str], Any] = {}
        for spec in SPECS.all:
            for group in spec.groups:
                schema = load_group_schema(spec, group.name)
                fast = jsonschema_rs.Draft202012Validator(schema).is_valid
                checked[spec.version, group.name] = fast, validator_class()(schema), schema
        checked_count = 0
        for path in real_files(sample=sample):
            pattern = parse(Source(str(path), path.read_bytes()), SPECS).pattern
            if pattern is None:
                continue
            for group in pattern.spec.groups:
                part = {key: pattern.data[key] for key in group.keys if key in pattern.data}
                is_valid, slow, schema = checked[pattern.spec.version, group.name]
                assert is_valid(part) == slow.is_valid(part), (path, group.name)
                if not is_valid(part):
                    assert_explained_alike(schema, pattern, part)
                checked_count += 1
        assert checked_count > (1_500 if sample else 20_000)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 9)
    | st.floats(-1, 9)
    | st.sampled_from(["", "draft", "x", "3.5", "2024-02-29"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["slug", "weight", "id", "x"]), inner),
    max_leaves=5,
)

_KEYS = st.sampled_from(["slug", "weight", "id"])


def _schema_of(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return schemas made of any keywords, with parts from `inner`."""
    keys = st.lists(_KEYS, unique=True, max_size=2)
    types = st.sampled_from(["object", "array", "string", "number", "integer", "boolean", "null"])
    keywords = {
        "x-rule": st.just("my/rule"),
        "type": types | st.lists(types, min_size=1, max_size=3, unique=True),
        "enum": st.lists(VALUES, min_size=1, max_size=2, unique_by=json.dumps),
        "const": VALUES,
        "multipleOf": st.just(2),
        "pattern": st.just("^x$"),
        "format": st.sampled_from(["date", "uri", "json-pointer"]),
        "required": keys,
        "dependentRequired": st.dictionaries(_KEYS, keys, max_size=1),
        "properties": st.dictionaries(_KEYS, inner, max_size=2),
        "patternProperties": st.dictionaries(st.just("^x"), inner),
    }
    bounds = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
    sizes = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")
    branches = st.lists(inner, min_size=1, max_size=2)
    keywords |= dict.fromkeys(bounds, st.integers(-1, 5)) | dict.fromkeys(sizes, st.integers(0, 2))
    keywords |= dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), branches)
    keywords |= dict.fromkeys(("if", "then", "else", "not", "contains", "items", "propertyNames"), inner)
    keywords |= dict.fromkeys(("additionalProperties", "unevaluatedProperties"), inner)
    return st.lists(st.sampled_from(sorted(keywords)), max_size=4, unique=True).flatmap(
        lambda names: st.fixed_dictionaries({name: keywords[name] for name in names})
    )


ANY_SCHEMA_BUT_REFERENCES = st.recursive(st.booleans() | _schema_of(st.booleans()), _schema_of, max_leaves=4)
ANY_SCHEMA = st.recursive(
    st.booleans() | st.just({"$ref": "#/$defs/any"}) | _schema_of(st.booleans()), _schema_of, max_leaves=6
)

SEED = """\
id: pat_01kh8ad0m6eqtt63hys8cf2dej
slug: offene-gaerten
title: "Öffentliche Gärten"
aliases: []
summary: "Neighbours grow food on public ground."
context_labels: {corporate: "a", government: "b", activist: "c", tech: "d"}
ontology:
  domain: food
  search_hints: {primary_tension: "Mine vs. Ours", vector_keywords: ["garden"]}
  commons_assessment:
    {stakeholder_architecture: 4, value_creation: 4, resilience: 4, ownership: 4, autonomy: 4, composability: 4,
     fractal_value: 4, vitality: 4.0, vitality_reasoning: "because", overall_score: 4.0}
lifecycle: {usage_stage: design, adoption_stage: growth, status: draft, version: 0.1, confidence: 2}
relationships:
  generalizes_from: []
  specializes_to: []
  enables:
    - {slug: repair-cafe, weight: 0.8}
    - {typeid: pat_01kh8ad0m6eqtt63hys8cf2dej, slug: repair-cafe, weight: 0.8, source: curated}
  requires: []
  alternatives: []
  complementary: []
  tools: []
graph_garden:
  last_pruned: 2024-05-01
  entities: [{id: Q1, type: concept, label: "x", relevance: 0.5}]
  communities: [{id: q, label: "x", source: curated, confidence: 0.5}]
  inferred_links: [{target: x, type: enables, confidence: 0.5, reason: "x"}]
contributors: ["rosa"]
sources: []
license: CC-BY-SA-4.0
attribution: "x"
"""


def test_the_seed_is_valid() -> None:
    assert errors_of(SEED, SPECS.by_version["7.1"]) == []


class TestOwnSpecs:
    @pytest.fixture
    def own(self, tmp_path: Path) -> Callable[[dict[str, Any]], Spec]:
        def make_own(schemas: dict[str, Any]) -> Spec:
            (tmp_path / "spec.toml").write_text('version = "7.1-own"\nextends = "7.1"\n')
            for group, schema in schemas.items():
                (tmp_path / f"{group}.schema.json").write_text(json.dumps(schema))
            return load_spec(tmp_path, SPECS.by_version)

        return make_own

    def test_an_enum_gets_more_values(self, own: Callable[[dict[str, Any]], Spec]) -> None:
        addition = {"properties": {"lifecycle": {"properties": {"status": {"enum": ["published", "draft"]}}}}}
        spec = own({"lifecycle": addition})
        merged = load_group_schema(spec, "lifecycle")["properties"]["lifecycle"]["properties"]["status"]["enum"]
        assert merged == ["draft", "revised", "stable", "mature", "deprecated", "active", "published"]
        assert errors_of(SEED.replace("status: draft", "status: published"), spec) == []
        active = SEED.replace("status: draft", "status: active")
        assert [error.rule for error in errors_of(active, spec)] == ["enum-strict"]

    def test_a_key_is_added_and_required(self, own: Callable[[dict[str, Any]], Spec]) -> None:
        addition = {
            "properties": {"lifecycle": {"properties": {"reviewer": {"type": "string"}}, "required": ["reviewer"]}}
        }
        spec = own({"lifecycle": addition})
        assert [(rule, route) for rule, route, _ in messages_of(SEED, spec)] == [("missing-key", "lifecycle/reviewer")]

    def test_null_takes_a_key_away_and_out_of_required(self, own: Callable[[dict[str, Any]], Spec]) -> None:
        spec = own({"provenance": {"properties": {"sources": None}}})
        schema = load_group_schema(spec, "provenance")
        assert "sources" not in schema["properties"]
        assert schema["required"] == ["contributors", "license", "attribution"]

    def test_what_is_not_named_stays(self, own: Callable[[dict[str, Any]], Spec]) -> None:
        spec = own({"identity": {"description": "ours"}})
        schema = load_group_schema(spec, "identity")
        assert schema["description"] == "ours"
        assert schema["required"] == ["id", "slug", "title", "summary"]

    def test_a_whole_schema_without_references_to_other_files(self, own: Callable[[dict[str, Any]], Spec]) -> None:
        joined = bundle_schema(own({"identity": {"required": ["aliases"]}}))
        assert "aliases" in joined["required"]
        assert (
            list(jsonschema_rs.Draft202012Validator(joined).iter_errors(pattern_of(SEED, SPECS.by_version["7.1"]).data))
            == []
        )


class TestBrokenSchemas:
    @pytest.mark.parametrize(
        ("schema", "reason"),
        [
            ("{", r"g\.schema\.json:1: not valid JSON: Expecting property name"),
            ("[]", "a JSON Schema must be a mapping"),
            ({"type": "text"}, r"not a valid JSON Schema at #/type: 'text'"),
            ({"properties": {"a": {"minimum": "1"}}}, r"at #/properties/a/minimum"),
            ({"properties": {"a": {"pattern": "("}}}, r"`\(` is not a regular expression"),
            ({"patternProperties": {"[": {}}}, r"`\[` is not a regular expression"),
            ({"$ref": "#/$defs/x"}, r"`\$ref` leads to `#/\$defs/x`"),
            ({"$ref": "https://example.org/schema.json"}, r"only files in the folder of the spec are read"),
            ({"$ref": "identity.schema.json"}, r"`identity\.schema\.json`; file not found"),
        ],
    )
    def test_are_refused_with_the_file_and_the_reason(self, make: MakeSpec, schema: Any, reason: str) -> None:
        with pytest.raises(SpecError, match=reason):
            SchemaValidator(make(schema))

    def test_examples_are_no_schema(self, make: MakeSpec) -> None:
        SchemaValidator(
            make(properties(a={"examples": [{"$ref": "nowhere", "pattern": "("}], "enum": [{"pattern": "("}]}))
        )

    def test_references_into_lists_and_with_escapes(self, make: MakeSpec) -> None:
        schema = {
            "properties": {"a": {"$ref": "#/$defs/x~1y/anyOf/1"}},
            "$defs": {"x/y": {"anyOf": [{}, {"type": "null"}]}},
        }
        assert messages_of("a: 1\n", make(schema)) == [("wrong-type", "a", "1")]


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [("a$", "a\n", False), (r"a\$", "a$", True), ("[$]$", "$", True), (r"[\]$]", "$", True), (r"\d", "٣", False)],
)
def test_patterns_are_those_of_javascript(pattern: str, text: str, found: bool) -> None:  # noqa: FBT001 - a column
    assert bool(compile_pattern(pattern).search(text)) is found
