"""Write a draft as `spec.toml` and a JSON Schema, with comments about the files that it comes from."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from patternlint.draft.conditions import conditions_of
from patternlint.draft.draft import Draft
from patternlint.draft.values import Values, schema_of
from patternlint.messages.phrases import describe_type

GROUP = "header"
"""The group of all keys."""
_SHOWN = 12  # headings and keys in a comment
_COMMENT = "$comment"
_WIDTH = 100


def spec_text(draft: Draft, version: str, noun: str) -> str:
    """Return the text of `spec.toml`."""
    parts = (
        _head(draft, version, noun),
        _identity(draft),
        _groups(draft),
        _relationships(draft),
        _body(draft),
    )
    return "\n\n".join("\n".join(lines) for part in parts if (lines := [*part])) + "\n"


def schema_text(draft: Draft) -> str:
    """Return the text of the JSON Schema of the front matter."""
    schema = schema_of(draft.values, (), draft.chosen)
    properties = schema.get("properties", {})
    total = len(draft.values.files)
    described = {key: {_COMMENT: _found_in(draft.values.keys[key], total), **properties[key]} for key in draft.keys}
    required = [key for key in schema.get("required", ()) if key in described]
    whole: dict[str, Any] = {"type": "object", "properties": described, "required": required}
    conditions = conditions_of(draft.chosen, draft.keys)
    if conditions:
        whole["allOf"] = conditions
    return "\n".join(_json(whole)) + "\n"


def _found_in(values: Values, total: int) -> str:
    """Return how many files have a key, and how many of them have values of another type than most."""
    first, *others = sorted(values.types.items(), key=lambda one: (-len(one[1]), one[0]))
    more = "".join(f", {describe_type(kind)} in {len(files):,}" for kind, files in others)
    return f"in {of_files(len(values.files), total)}{f': {describe_type(first[0])}{more}' if others else ''}"


def _head(draft: Draft, version: str, noun: str) -> Iterator[str]:
    count = len(draft.records)
    yield f"# Drafted from {of_files(count, count)} by `patternlint init --spec`: what nearly all of them have in common."
    yield "# Change what does not fit: https://patternlint.github.io/patternlint/specification-from-nothing/"
    yield ""
    yield f"version = {quoted(version)}"
    yield f"title = {quoted(version[:1].upper() + version[1:])}"
    yield f"noun = {quoted(noun)}"
    yield from _list("files", draft.globs)
    with_front = len(draft.values.files)
    yield f'front-matter = "{draft.front_matter}" # in {of_files(with_front, count)}'


def _identity(draft: Draft) -> Iterator[str]:
    naming = draft.naming
    distinct = len({*naming.names} - {""})
    yield "# How a record is called. Links say `name`: a key, or {stem} for the name of the file."
    yield "[identity]"
    total = len(draft.records)
    yield f"name = {_literal(naming.name)} # {_number(distinct, 'name')} in {of_files(total, total)}"
    if draft.file:
        yield f"file = {quoted(draft.file)}"
    if ("slugs",) in draft.chosen:
        yield "slugs = true # lower-case words joined by hyphens"
    if draft.title:
        yield f"title = {quoted(draft.title)}"


def _groups(draft: Draft) -> Iterator[str]:
    if not draft.values.files:
        return
    yield f"# The keys, in their usual order, and their values are in {GROUP}.schema.json."
    yield "[[groups]]"
    yield f"name = {quoted(GROUP)}"
    optional = [key for key in draft.keys if ("required", key) not in draft.chosen]
    yield from _list("optional", optional) if optional else ()
    if draft.left_out:
        counts = [f"{quoted(key)} ({of_files(count, count)})" for key, count in sorted(draft.left_out.items())]
        yield from _comment(f"Keys that so few files have that they are not described: {_shown(counts)}.")


def _relationships(draft: Draft) -> Iterator[str]:
    naming = draft.naming
    if not naming.targets:
        return
    yield "# Keys that name other records."
    yield "[relationships]"
    if naming.key:
        yield f"key = {quoted(naming.key)}"
    yield "types = ["
    for kind, files in naming.targets.items():
        names = sum(map(len, files.values()))
        dangling = naming.dangling(kind)
        missing = f", {dangling:,} of no record" if dangling else ""
        yield f"  {quoted(kind)}, # {_number(names, 'name')} in {of_files(len(files), len(files))}{missing}"
    yield "]"
    if naming.split:
        yield f"split = {quoted(naming.split)}"
    if naming.form:
        yield f"form = {_literal(naming.form)}"
    symmetric = [kind for kind in naming.targets if ("symmetric", kind) in draft.chosen]
    inverse = [name[1:] for name in sorted(draft.chosen) if name[0] == "inverse"]
    acyclic = [kind for kind in naming.targets if ("acyclic", kind) in draft.chosen and kind not in symmetric]
    yield from _list("symmetric", symmetric) if symmetric else ()
    yield from _list("acyclic", acyclic) if acyclic else ()
    if inverse:
        yield f"inverse = [{', '.join(f'[{quoted(one)}, {quoted(other)}]' for one, other in inverse)}]"


def _body(draft: Draft) -> Iterator[str]:
    body = draft.body
    count = len(draft.records)
    yield "[body]"
    yield f"links = [{', '.join(map(quoted, ('path', 'wiki') if draft.naming.has_wiki_links else ('path',)))}]"
    if not body.sections:
        return
    yield f"heading = {quoted(body.heading)}"
    yield f"ordered = {str(('ordered',) in draft.chosen).lower()}"
    yield f"others = {str(('others',) not in draft.chosen).lower()}"
    if body.others:
        found = [f"{_one_line(title)} ({of_files(number, number)})" for title, number in body.others.items()]
        yield from _comment(f"Other headings: {_shown(found)}.")
    for section in body.sections:
        yield ""
        yield "[[body.sections]]"
        yield f"title = {quoted(section.title)} # in {of_files(len(section.files), count)}"
        if section.also:
            yield from _list("also", section.also)
        if ("section", section.title) not in draft.chosen:
            yield "optional = true"


def of_files(count: int, total: int) -> str:
    """Return a count of files: "3 of 12 files", or "12 files" for all of them."""
    return _number(count, "file") if count == total else f"{count:,} of {_number(total, 'file')}"


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _shown(texts: Collection[str]) -> str:
    more = len(texts) - _SHOWN
    return ", ".join([*texts][:_SHOWN]) + (f" and {more:,} more" if more > 0 else "")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _comment(text: str) -> Iterator[str]:
    line = "#"
    for word in text.split():
        if len(line) + len(word) >= _WIDTH and line != "#":
            yield line
            line = "#"
        line += f" {word}"
    yield line


def _list(name: str, texts: Iterable[str]) -> Iterator[str]:
    items = [*map(quoted, texts)]
    line = f"{name} = [{', '.join(items)}]"
    if len(line) <= _WIDTH:
        yield line
        return
    yield f"{name} = ["
    yield from (f"  {item}," for item in items)
    yield "]"


def quoted(text: str) -> str:
    """Return a text as a basic string of TOML."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _literal(text: str) -> str:
    """Return a text with backslashes without escapes, where TOML can hold it so."""
    is_literal = "\\" in text and "'" not in text and text.isprintable()
    return f"'{text}'" if is_literal else quoted(text)


def _json(value: Any, indent: str = "") -> Iterator[str]:
    """Yield the lines of JSON in which a short list or mapping is on one line."""
    line = _inline(value)
    has_parts = isinstance(value, dict) and not {"properties", "if"}.isdisjoint(value)
    if not isinstance(value, dict | list) or not value or (len(line) + len(indent) <= _WIDTH and not has_parts):
        yield line
        return
    inner = f"{indent}  "
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    parts = _named_parts(value)
    yield opening
    for place, (name, item) in enumerate(parts, 1):
        first, *rest = _json(item, inner)
        *lines, last = [f"{inner}{name}{first}", *rest]
        yield from lines
        yield f"{last}{',' if place < len(parts) else ''}"
    yield f"{indent}{closing}"


def _named_parts(value: dict[str, Any] | list[Any]) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [(f"{_inline(key)}: ", item) for key, item in value.items()]
    return [("", item) for item in value]


def _inline(value: Any) -> str:
    if isinstance(value, dict) and value:
        return f"{{ {', '.join(f'{_inline(key)}: {_inline(item)}' for key, item in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_inline, value))}]"
    return json.dumps(value, ensure_ascii=False)
