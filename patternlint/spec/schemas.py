"""JSON Schema files of a spec: read them, merge own ones into those they extend, reject unsupported features."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import unquote, urlsplit

from patternlint.messages.did_you_mean import did_you_mean
from patternlint.spec.json_lines import line_of_pointer
from patternlint.spec.loader import SCHEMA_SUFFIX, SpecError
from patternlint.spec.model import Drop, Spec
from patternlint.spec.schema_shapes import shape_problem
from patternlint.spec.string_formats import FORMATS

PATTERN = "pattern"
"""The name of the schema for the whole front matter, which holds conditions across groups."""
STRICT = "x-strict-enum"
"""The keyword beside `enum` for the values of the specification itself, where practice has more."""

MESSAGE, HELP = "x-message", "x-help"
"""The annotations with the message and the help for the keywords beside them: a text, or a text for each keyword."""

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_JOINED = frozenset(("required", "enum", STRICT, "examples"))

_ONE = (
    *("not", "if", "then", "else", "items", "contains", "additionalProperties", "propertyNames", "contentSchema"),
    *("unevaluatedItems", "unevaluatedProperties"),
)
_LISTED = ("allOf", "anyOf", "oneOf", "prefixItems")
_NAMED = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")
"""Keywords whose argument is a schema, a list of schemas, a mapping of schemas."""
_CONDITIONS = ("if", "then", "else", "not", "anyOf", "oneOf", "dependentRequired", "dependentSchemas")
"""Keywords that can make a key depend on another one."""

_ANNOTATIONS = ("title", "description", "examples", "default", "deprecated", "readOnly", "writeOnly", "$comment")
_KEYWORDS = frozenset(
    (
        *(*_ONE, *_LISTED, *_NAMED, *_ANNOTATIONS),
        *("$schema", "$id", "$ref", "$anchor", "$dynamicRef", "$dynamicAnchor", "$vocabulary", "format", "pattern"),
        *("type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
        *("minLength", "maxLength", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"),
        *("minContains", "maxContains", "required", "dependentRequired", "contentEncoding", "contentMediaType"),
    )
)
_REPLACED = {
    "dependencies": "`dependentRequired` for keys, `dependentSchemas` for schemas",
    "additionalItems": "`items` beside `prefixItems`",
    "$recursiveRef": "`$dynamicRef`",
    "$recursiveAnchor": "`$dynamicAnchor`",
    "divisibleBy": "`multipleOf`",
}
"""Keywords of older drafts, with their replacement in 2020-12."""

_LINK = {
    "anyOf": [
        {"type": "string", "minLength": 1},
        {"type": "object", "anyOf": [{"required": [key]} for key in ("slug", "id", "typeid")]},
    ]
}
"""The default schema of an item in a list of relationships."""
_WIKI_LINK = {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 1}


def load_group_schema(spec: Spec, group: str) -> dict[str, Any]:
    """Return the JSON Schema of a group, merged with those of the spec's bases.

    A project's own spec writes only what it adds: mappings are merged, the lists `required`, `enum`, `x-strict-enum`
    and `examples` are joined, `null` takes a key away (a property also out of `required`), everything else is replaced.
    References to other files in the spec's folder are replaced by what they lead to. Lists of relationships that the
    schema does not describe hold names or mappings that name a pattern.

    Raises:
        SpecError: when a schema file is not JSON, or not a mapping, or refers to what is not in the spec's folder.
    """
    merged: dict[str, Any] = {}
    for folder in (*reversed(spec.bases), spec.folder):
        if folder == spec.folder and spec.drop != Drop():
            merged = _without_keys(merged, merged.get("properties", {}).keys() - {*spec.keys})
        path = schema_path(folder, group)
        if path.is_file():
            merged = _merge(merged, _Bundle(folder).read(path))
    keys = next((known.keys for known in spec.groups if known.name == group), ())
    return _with_link_lists(merged, spec, keys)


def _without_keys(schema: dict[str, Any], keys: Collection[str]) -> dict[str, Any]:
    """Return the schema of a group that neither describes nor requires some of its keys."""
    properties = {key: value for key, value in schema.get("properties", {}).items() if key not in keys}
    required = [key for key in schema.get("required", ()) if key not in keys]
    return schema | {"properties": properties, "required": required}


def load_whole_schema(spec: Spec) -> dict[str, Any]:
    """Return the JSON Schema of the whole front matter, merged with those of the spec's bases, without the groups' own.

    The groups' schemas say which keys there are and what they hold. This one adds what depends on keys of several groups,
    and what it is called. It is empty for a spec without one.

    Raises:
        SpecError: when a schema file is not JSON, or not a mapping, or refers to what is not in the spec's folder.
    """
    if any(group.name == PATTERN for group in spec.groups):
        return {}  # the file of this name describes a group
    merged: dict[str, Any] = {}
    for folder in (*reversed(spec.bases), spec.folder):
        path = schema_path(folder, PATTERN)
        if path.is_file():
            merged = _merge(merged, _Bundle(folder).read(path, without_groups=True))
    return merged


def constraints_of(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keywords of a schema of the whole front matter that restrict it; empty for names and descriptions alone."""
    return {
        key: value
        for key, value in schema.items()
        if key not in ("$schema", "$id", "$defs", "type") and not key.startswith("x-") and key not in _ANNOTATIONS
    }


def schema_path(folder: Path, group: str) -> Path:
    """Return the path of a group's schema file."""
    return folder / f"{group}{SCHEMA_SUFFIX}"


def referenced_files(spec: Spec) -> set[Path]:
    """Return the files in a spec's own folder that its schemas refer to."""
    bundle = _Bundle(spec.folder)
    names = [group.name for group in spec.groups]
    for name in dict.fromkeys((*names, PATTERN)):
        path = schema_path(spec.folder, name)
        if path.is_file():
            bundle.read(path, without_groups=name not in names)
    return {spec.folder / name for name in bundle.definitions}


class _Bundle:
    """Reads schema files of one folder, with every reference to another file of it led into `$defs`.

    Nothing outside of the folder is read, and nothing is fetched.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.definitions: dict[str, Any] = {}

    def read(self, path: Path, *, without_groups: bool = False) -> dict[str, Any]:
        """Return the schema in a file.

        Args:
            path: the file.
            without_groups: whether to leave out what joins the schemas of groups: references to files in `allOf`, and
                `unevaluatedProperties`, which covers them.

        Raises:
            SpecError: when a file is not a JSON Schema, or a reference leads out of the folder.
        """
        schema = _without_groups(_read(path)) if without_groups else _read(path)
        main = path.resolve()
        self._redirect(schema, path, main, "#")
        if self.definitions:
            schema["$defs"] = {**schema.get("$defs", {}), **self.definitions}
        return schema

    def _redirect(self, schema: dict[str, Any], path: Path, main: Path, here: str) -> None:
        """Rewrite the references of a file, whose schema moves to the pointer `here`, to the pointers of their targets."""
        for where, part in iter_subschemas(schema):
            reference = part.get("$ref")
            if not isinstance(reference, str):
                continue
            name, _, pointer = reference.partition("#")
            if not name:
                if not pointer or pointer.startswith("/"):
                    part["$ref"] = here + pointer
                continue
            target = self._target(path, f"{where}/$ref", reference, name)
            part["$ref"] = f"{'#' if target == main else self._definition(target, main)}{pointer}"

    def _target(self, path: Path, where: str, reference: str, name: str) -> Path:
        target = (path.parent / unquote(name)).resolve()
        if urlsplit(name).scheme or name.startswith("//") or not target.is_relative_to(self.folder):
            reason = f"`$ref` leads to `{reference}`; only files in the folder of the spec are read"
            raise _schema_error(path, where, reason)
        if not target.is_file():
            near = did_you_mean(name, (found.name for found in self.folder.glob("*.json")))
            raise _schema_error(path, where, f"`$ref` leads to `{reference}`; file not found{near}")
        return target

    def _definition(self, target: Path, main: Path) -> str:
        """Return the pointer to the schema of a file, which is read on first use."""
        name = target.relative_to(self.folder).as_posix()
        here = f"#/$defs/{name.replace('~', '~0').replace('/', '~1')}"
        if name not in self.definitions:
            schema = self.definitions[name] = _read(target)
            _refuse_other_dialect(schema, target)
            schema.pop("$schema", None)
            schema.pop("$id", None)  # references in it are read as leading on from the file that holds it now
            self._redirect(schema, target, main, here)
        return here


def _without_groups(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema of the whole front matter without what joins the schemas of groups."""
    conditions = schema.get("allOf", [])
    if isinstance(conditions, list):
        own = [one for one in conditions if not (isinstance(one, dict) and one.keys() == {"$ref"} and _is_file(one))]
        schema = {key: value for key, value in schema.items() if key not in ("allOf", "unevaluatedProperties")}
        schema |= {"allOf": own} if own else {}
    return schema


def _is_file(reference: Mapping[str, Any]) -> bool:
    return str(reference["$ref"]).endswith(SCHEMA_SUFFIX)


def _with_link_lists(schema: dict[str, Any], spec: Spec, keys: tuple[str, ...]) -> dict[str, Any]:
    """Return the schema of a group with default items for its lists of relationships."""
    links = spec.relationships
    kinds = [kind for kind in links.types if kind not in links.external]
    has_texts = bool(links.split or links.form)
    has_wiki_links = r"\[\[" in links.form
    if links.key:
        if links.key not in keys:
            return schema
        properties = schema.get("properties", {})
        holder = properties.get(links.key, {})
        if _says_nothing(holder):
            holder = {**(holder if isinstance(holder, dict) else {}), "type": "object"}
        filled = (
            _with_lists(holder, kinds, has_texts=has_texts, has_wiki_links=has_wiki_links)
            if isinstance(holder, dict) and "$ref" not in holder
            else holder
        )
        return schema if filled is holder else schema | {"properties": properties | {links.key: filled}}
    return _with_lists(
        schema, [kind for kind in kinds if kind in keys], has_texts=has_texts, has_wiki_links=has_wiki_links
    )


def _with_lists(schema: dict[str, Any], kinds: list[str], *, has_texts: bool, has_wiki_links: bool) -> dict[str, Any]:
    """Return a schema that describes the values of relationship types, where it does not say anything about them.

    Args:
        schema: the schema of the mapping that has the types as keys.
        kinds: the types.
        has_texts: whether a text or a number may hold names as well as a list.
        has_wiki_links: whether an item may be a wiki link without quotes, which YAML reads as a list.
    """
    known = schema.get("properties", {})
    added: dict[str, Any] = {}
    for kind in kinds:
        of_kind = known.get(kind, {})
        if kind not in known and schema.get("additionalProperties") is False:
            continue
        base = of_kind if isinstance(of_kind, dict) else {}
        items = base.get("items", {})
        if _says_nothing(of_kind) or (base.get("type") == "array" and _says_nothing(items)):
            kinds_of_value = {"type": ["array", "string", "integer"] if has_texts else "array"}
            more: list[dict[str, Any]] = [{"type": "integer"}] if has_texts else []
            more += [_WIKI_LINK] if has_wiki_links else []
            link = {"anyOf": [*_LINK["anyOf"], *more]} if more else _LINK
            added[kind] = {**base, **kinds_of_value, "items": {**(items if isinstance(items, dict) else {}), **link}}
    return schema | {"properties": known | added} if added else schema


def _says_nothing(schema: Any) -> bool:
    """Return whether a schema allows any value."""
    if not isinstance(schema, dict):
        return schema is True
    return all(key in _ANNOTATIONS or key.startswith("x-") for key in schema)


def bundle_schema(spec: Spec) -> dict[str, Any]:
    """Return one JSON Schema for the whole front matter, without references to other files: for editors.

    Conditions of groups, and across groups, are items of `allOf`. That of a project's own spec has a name of its own: an editor takes two of one name for one.

    Raises:
        SpecError: when a schema file is not JSON, or not a mapping.
    """
    joined = load_whole_schema(spec)
    if spec.bases:
        path = schema_path(spec.folder, PATTERN)
        own = _read(path) if path.is_file() else {}
        joined |= {"title": spec.title, "description": f"The whole front matter by: {spec.title}."} | {
            key: own[key] for key in ("title", "description") if key in own
        }
        if "$id" not in own:
            joined.pop("$id", None)
    properties: dict[str, Any] = {}
    required: list[str] = []
    definitions: dict[str, Any] = joined.pop("$defs", {})
    conditions: list[Any] = []
    joint = constraints_of(joined)
    if joint:
        conditions.append(joint)
        joined = {key: value for key, value in joined.items() if key not in joint}
    for group in spec.groups:
        schema = load_group_schema(spec, group.name)
        properties |= schema.get("properties", {})
        required += schema.get("required", [])
        definitions |= schema.get("$defs", {})
        conditions += schema.get("allOf", [])
        other = {key: schema[key] for key in _CONDITIONS if key in schema}
        if other:
            conditions.append(other)
    joined |= {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
    if conditions:
        joined["allOf"] = conditions
    if definitions:
        joined["$defs"] = definitions
    return joined


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse_constant)
    except (OSError, ValueError, RecursionError) as error:
        if isinstance(error, json.JSONDecodeError):
            raise SpecError(path, f"not valid JSON: {error.msg} (column {error.colno})", error.lineno) from error
        raise SpecError(path, f"not valid JSON: {error}") from error
    if not isinstance(found, dict):
        raise SpecError(path, "a JSON Schema must be a mapping")
    return found


def _refuse_constant(name: str) -> NoReturn:
    message = f"unexpected `{name}`"
    raise ValueError(message)


def _merge(base: dict[str, Any], addition: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in addition.items():
        known = merged.get(key)
        if value is None:
            merged.pop(key, None)
        elif isinstance(known, dict) and isinstance(value, dict):
            merged[key] = _merge(known, value)
        elif key in _JOINED and isinstance(known, list) and isinstance(value, list):
            merged[key] = _join(known, value)
            strict = base.get(STRICT)
            if key == "enum" and isinstance(strict, list) and STRICT not in addition:
                merged[STRICT] = _join(strict, value)  # what an own spec lists, it lists itself
        else:
            merged[key] = value
    properties = addition.get("properties")
    if isinstance(properties, dict) and isinstance(merged.get("required"), list):
        merged["required"] = [key for key in merged["required"] if properties.get(key, key) is not None]
    return merged


def _join(known: list[Any], added: list[Any]) -> list[Any]:
    return known + [item for item in added if item not in known]


def require_supported(schema: Mapping[str, Any], path: Path) -> None:
    """Refuse a schema that the two validators would not understand alike, or would fetch something for.

    References lead to a place in the same document; the dialect is 2020-12; patterns are regular expressions
    that Python and JavaScript share; keywords of older drafts, misspelled ones and formats that are not checked are refused.

    Raises:
        SpecError: naming the keyword, the reference, the pattern or the format.
    """
    _refuse_other_dialect(schema, path)
    waiting: list[Mapping[str, Any]] = [schema]
    visited = {id(schema)}
    while waiting:
        for where, part in iter_subschemas(waiting.pop()):
            visited.add(id(part))
            _refuse_unsupported(part, path, where)
            for keyword in ("$ref", "$dynamicRef"):
                reference = part.get(keyword)
                is_anchor = keyword == "$dynamicRef" and str(reference).startswith("#")
                if not isinstance(reference, str) or is_anchor:
                    continue
                target = resolve_pointer(schema, reference)
                if target is None:
                    reason = f"`{keyword}` leads to `{reference}`, which is not a place in this file (`#/$defs/…`)"
                    raise _schema_error(path, f"{where}/{keyword}", reason)
                if isinstance(target, dict) and id(target) not in visited:  # where no keyword leads
                    visited.add(id(target))
                    waiting.append(target)


def _refuse_other_dialect(schema: Mapping[str, Any], path: Path) -> None:
    for where, part in iter_subschemas(schema):
        dialect = part.get("$schema", _DIALECT)
        if not isinstance(dialect, str) or dialect.rstrip("#") != _DIALECT:
            raise _schema_error(
                path, f"{where}/$schema", f"unsupported `$schema` at #{where}: `{dialect}`; write `{_DIALECT}`"
            )


def _refuse_unsupported(part: Mapping[str, Any], path: Path, where: str) -> None:
    """Reject unsupported keywords in the subschema at the pointer `where`."""
    _refuse_wrong_words(part, path, where)
    for keyword in part:
        if keyword in _REPLACED:
            reason = f"unsupported keyword `{keyword}` at #{where}: in JSON Schema 2020-12, write {_REPLACED[keyword]}"
            raise _schema_error(path, f"{where}/{keyword}", reason)
        if keyword not in _KEYWORDS and (near := _closest_keyword(keyword)):
            reason = f"unknown keyword `{keyword}` at #{where}; did you mean `{near}`?"
            raise _schema_error(path, f"{where}/{keyword}", reason)
    if isinstance(part.get("items"), list):
        reason = f"`items` at #{where} is a list, as in older drafts: in JSON Schema 2020-12, write `prefixItems`"
        raise _schema_error(path, f"{where}/items", reason)
    name = part.get("format")
    if isinstance(name, str) and name not in FORMATS:
        hint = did_you_mean(name, FORMATS)
        reason = (
            f"unsupported format `{name}` at #{where}{hint or '; write a `pattern`'} (supported: {', '.join(FORMATS)})"
        )
        raise _schema_error(path, f"{where}/format", reason)
    patterns = part.get("patternProperties")
    for pattern in (part.get("pattern"), *(patterns if isinstance(patterns, dict) else ())):
        if isinstance(pattern, str):
            try:
                compile_pattern(pattern)
            except re.error as error:
                reason = f"`{pattern}` is not a regular expression: {error}"
                raise _schema_error(path, f"{where}/pattern", reason) from error


def _refuse_wrong_words(part: Mapping[str, Any], path: Path, where: str) -> None:
    """Reject messages and helps that are not texts, or for keywords that the subschema does not have."""
    for annotation in (MESSAGE, HELP):
        words = part.get(annotation, "")
        for keyword, text in words.items() if isinstance(words, dict) else ((None, words),):
            if not isinstance(text, str):
                reason = f"`{annotation}` at #{where} must be a text, or a text for each keyword"
                raise _schema_error(path, f"{where}/{annotation}", reason)
            if keyword is not None and keyword not in part:
                near = did_you_mean(keyword, part)
                reason = f"`{annotation}` at #{where} names `{keyword}`, which is not beside it{near}"
                raise _schema_error(path, f"{where}/{annotation}", reason)


def require_shape(path: Path) -> None:
    """Reject a schema file in which a keyword has a value of the wrong kind.

    Raises:
        SpecError: naming the line.
    """
    problem = shape_problem(_read(path))
    if problem is not None:
        raise _schema_error(path, *problem)


def _schema_error(path: Path, where: str, reason: str) -> SpecError:
    """Return an error about the keyword at a pointer, with its line if the file has it."""
    text = path.read_text(encoding="utf-8") if path.is_file() else "{}"
    return SpecError(path, reason, line_of_pointer(text, where))


_LONG_WORD = 8


def _closest_keyword(keyword: str) -> str:
    """Return the keyword that an unknown one is probably a misspelling of; empty for a project's own annotation."""
    if keyword.startswith("x-"):
        return ""
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - for unknown keywords only

    most = 2 if len(keyword) >= _LONG_WORD else 1
    near = {
        known: OSA.distance(keyword, known, score_cutoff=most) for known in sorted(_KEYWORDS) if len(known) > most + 2
    }
    best = min(near, key=near.__getitem__)
    return best if near[best] <= most else ""


def admits_other_keys(schema: Mapping[str, Any]) -> bool:
    """Return whether a schema allows keys that it does not define."""
    return bool(schema.get("patternProperties")) or any(
        schema.get(keyword, False) is not False for keyword in ("additionalProperties", "unevaluatedProperties")
    )


def iter_subschemas(schema: Any, where: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every subschema that is a mapping, from the outside in, each with the JSON Pointer to it."""
    if not isinstance(schema, dict):
        return
    yield where, schema
    for keyword in _ONE:
        if keyword in schema:
            yield from iter_subschemas(schema[keyword], f"{where}/{keyword}")
    for keyword in _LISTED:
        inner = schema.get(keyword)
        for place, one in enumerate(inner if isinstance(inner, list) else ()):
            yield from iter_subschemas(one, f"{where}/{keyword}/{place}")
    for keyword in _NAMED:
        named = schema.get(keyword)
        for name, one in named.items() if isinstance(named, dict) else ():
            yield from iter_subschemas(one, f"{where}/{keyword}/{name}")


def top_level_keys(schema: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """Yield the keys that a schema of the whole front matter names at the top, each with the JSON Pointer to it."""
    if not isinstance(schema, dict):
        return
    for keyword in ("properties", "dependentRequired", "dependentSchemas"):
        yield from ((key, f"{where}/{keyword}/{key}") for key in schema.get(keyword) or ())
    yield from ((key, f"{where}/required/{place}") for place, key in enumerate(schema.get("required") or ()))
    for cause, keys in (schema.get("dependentRequired") or {}).items():
        yield from ((key, f"{where}/dependentRequired/{cause}/{place}") for place, key in enumerate(keys or ()))
    for keyword in ("if", "then", "else", "not"):
        yield from top_level_keys(schema.get(keyword), f"{where}/{keyword}")
    for keyword in ("allOf", "anyOf", "oneOf"):
        for place, one in enumerate(schema.get(keyword) or ()):
            yield from top_level_keys(one, f"{where}/{keyword}/{place}")
    for cause, one in (schema.get("dependentSchemas") or {}).items():
        yield from top_level_keys(one, f"{where}/dependentSchemas/{cause}")


def resolve_pointer(schema: Mapping[str, Any], reference: str) -> Any:
    """Return the part of `schema` that `reference` (`#` or a JSON Pointer behind `#`) leads to, or None."""
    if reference == "#":
        return schema
    if not reference.startswith("#/"):
        return None
    found: Any = schema
    for step in reference[2:].split("/"):
        name = unquote(step).replace("~1", "/").replace("~0", "~")
        if isinstance(found, Mapping):
            found = found.get(name)
        elif isinstance(found, list) and name.isdigit() and int(name) < len(found):
            found = found[int(name)]
        else:
            return None
    return found


_PATTERN_PARTS = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\$", re.DOTALL)


def compile_pattern(pattern: str) -> re.Pattern[str]:
    r"""Return a pattern of JSON Schema, which is JavaScript's, as Python has it.

    In JavaScript `$` is the very end, also before a last newline, and `\d` and `\w` are ASCII.

    Raises:
        re.error: when Python does not understand it.
    """
    return re.compile(_PATTERN_PARTS.sub(lambda match: r"\Z" if match[0] == "$" else match[0], pattern), re.ASCII)
