"""Count the expected findings of some rules in real pattern files, independently of patternlint.

It is written from the list of checks alone. It reads YAML with PyYAML and bodies line by line, without locations and fixes,
and may be slow. If it and patternlint differ on a file, one of them is wrong.

    python -m tests.support.independent_count FOLDER…      each folder is a library
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import yaml

Counts = Counter[tuple[str, str, str]]
"""Expected number of findings by path, rule, and list of links (empty outside a list)."""

TYPES = {
    "7.1": ["generalizes_from", "specializes_to", "enables", "requires", "alternatives", "complementary", "tools"],
    "8.2": [
        "generalizes_from",
        "specializes_to",
        "enables",
        "requires",
        "alternatives",
        "complementary",
        "manifests_as",
        "governed_by",
    ],
    "1.3": ["generalizes_from", "specializes_to", "enables", "requires", "related"],
}
SYMMETRIC = ("complementary", "alternatives")
INVERSE = {"generalizes_from": "specializes_to", "specializes_to": "generalizes_from"}
DIMENSIONS = [
    "stakeholder_architecture",
    "value_creation",
    "resilience",
    "ownership",
    "autonomy",
    "composability",
    "fractal_value",
    "vitality",
]
SECTIONS = "Context|Problem|Solution|Implementation|Consequences|Known Uses|Cognitive Era|Vitality".lower().split("|")
BASE32 = "0123456789abcdefghjkmnpqrstvwxyz"
PREFIXES = {"lighthouse": "lh", "entity": "ent"}


class Loader(yaml.CSafeLoader):
    """The loader of PyYAML, with dates as text."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


class File(NamedTuple):
    """A pattern file: its data (empty when its YAML does not parse), its names, its links by list, its body."""

    path: str
    spec: str
    data: dict[str, Any]
    id: str
    slug: str
    links: dict[str, list[str]]
    body: str
    parses: bool


def read(root: Path, path: Path) -> File | None:
    """Return the file at `path` if it is a pattern."""
    text = path.read_bytes().decode("utf-8-sig", "replace").replace("\r\n", "\n")
    found = re.match(r"---[ \t]*\n(.*?\n)---[ \t]*(?:\n|\Z)", text, re.DOTALL)
    if not found:
        return None
    name = path.relative_to(root).as_posix()
    body = text[found.end() :]
    try:
        data = yaml.load(found[1], Loader)  # noqa: S506 - a safe loader, only without dates
    except yaml.YAMLError:
        flat = dict(re.findall(r"^(\w+):[ \t]*(.*?)[ \t]*$", found[1], re.MULTILINE))
        names = [flat.get(key, "").strip("'\"") for key in ("id", "slug")]
        known = spec_of({key: value or {} for key, value in flat.items()}, names[0])
        return File(name, known, {}, names[0], names[1], {}, body, parses=False) if known else None
    if not isinstance(data, dict):
        return None
    identity, slug = (data[key] if isinstance(data.get(key), str) else "" for key in ("id", "slug"))
    spec = spec_of(data, identity)
    return File(name, spec, data, identity, slug, links_of(data, spec), body, parses=True) if spec else None


def spec_of(data: dict[str, Any], identity: str) -> str:
    """Return which spec a file follows, or an empty string if it is not a pattern."""
    for spec, prefix in PREFIXES.items():
        if identity.startswith(prefix + "_"):
            return spec
    if not identity.startswith("pat_") and "slug" not in data:
        return ""
    if "orbital_layer" in data or "gravitational_hubs" in data:
        return "8.2"
    if "ontology" in data or "graph_garden" in data or "context_labels" in data:
        return "7.1"
    return "1.3" if any(isinstance(data.get(key), dict) for key in ("classification", "tags")) else ""


def links_of(data: dict[str, Any], spec: str) -> dict[str, list[str]]:
    """Return the targets in each list of links, as written."""
    group = data if spec == "1.3" else mapping(data.get("relationships"))
    links = {kind: list(targets(group.get(kind), "slug", "id", "typeid")) for kind in TYPES.get(spec, ())}
    links["inferred_links"] = list(
        targets(mapping(data.get("graph_garden")).get("inferred_links"), "target", "slug", "id")
    )
    return links


def targets(items: Any, *keys: str) -> Iterator[str]:
    """Yield what the items of a list name."""
    for item in items if isinstance(items, list) else ():
        names = [mapping(item).get(key) for key in keys] if isinstance(item, dict) else [item]
        yield from [name for name in names if isinstance(name, str) and name][:1]


def mapping(value: Any) -> dict[Any, Any]:
    """Return `value` if it is a mapping, else an empty mapping."""
    return value if isinstance(value, dict) else {}


def is_number(value: Any) -> bool:
    """Return whether a value is a number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def count(root: Path) -> Counts:
    """Return what should be found in the pattern files under `root`, one library."""
    files = [file for path in sorted(root.rglob("*.md")) if (file := read(root, path))]
    found: Counts = Counter()
    for file in files:
        for rule in alone(file):
            found[file.path, rule, ""] += 1
    for path, rule, kind in together(files):
        found[path, rule, kind] += 1
    return found


def alone(file: File) -> Iterator[str]:
    """Yield the rules that a file breaks by itself, once for each time."""
    if not file.parses:
        return
    if isinstance(file.data.get("id"), str):
        yield from id_form(file.id, PREFIXES.get(file.spec, "pat"))
    if file.slug and Path(file.path).stem != file.slug:
        yield "slug-filename"
    if file.spec not in ("7.1", "8.2"):
        return
    labels = mapping(file.data.get("context_labels")).values()
    yield from ["label-junk" for label in labels if isinstance(label, str) and len(label.strip()) <= 3]
    scores = mapping(mapping(file.data.get("ontology")).get("commons_assessment"))
    values = [Decimal(str(scores[name])) for name in DIMENSIONS if is_number(scores.get(name))]
    overall = scores.get("overall_score")
    if len(values) == len(DIMENSIONS) and is_number(overall):
        mean = sum(values, Decimal(0)) / len(values)
        if abs(Decimal(str(overall)) - mean) > Decimal("0.05"):
            yield "overall-score-mean"
    yield from ["section-missing"] * len(missing_sections(file.body))
    stars = re.search(r"confidence rating:?[ \t]*(★+)", file.body, re.IGNORECASE)
    confidence = mapping(file.data.get("lifecycle")).get("confidence")
    if stars and confidence in (1, 2, 3) and len(stars[1]) in (1, 2, 3) and len(stars[1]) != confidence:
        yield "confidence-mismatch"


def id_form(identity: str, prefix: str) -> Iterator[str]:
    """Yield what is wrong with the form of an id."""
    head, _, tail = identity.partition("_")
    if head != prefix or not re.fullmatch(f"[0-7][{BASE32}]{{25}}", tail):
        yield "id-format"
        return
    bits = "".join(f"{BASE32.index(character):05b}" for character in tail)[2:]
    made = datetime.fromtimestamp(min(int(bits[:48], 2) / 1000, 1e11), UTC)
    if bits[48:52] != "0111" or bits[64:66] != "10" or not 2020 <= made.year <= 2030:
        yield "id-not-uuid7"


def missing_sections(body: str) -> set[str]:
    """Return the titles of the sections that no heading has."""
    headings: list[str] = []
    fence = ""
    for line in body.split("\n"):
        mark = re.match(r" {0,3}(`{3,}|~{3,})", line)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence) and not line.strip(" `~"):
            fence = ""
        elif not fence and (heading := re.match(r" {0,3}#{1,6}[ \t]+(.*)", line)):
            headings.append(heading[1].lower())
    long = [found[1] for text in headings if (found := re.match(r"section[ \t]*\d+[ \t]*:[ \t]*(.*)", text))]
    short = [found[1] for text in headings if (found := re.match(r"\d+\.[ \t]*(.*)", text))]
    known = [title for title in SECTIONS if any(re.match(rf"{title}\b", text) for text in long)]
    if not known:
        known = [title for title in SECTIONS if any(re.match(rf"{title}\b", text) for text in short)]
    return set(SECTIONS) - set(known)


def together(files: list[File]) -> Iterator[tuple[str, str, str]]:
    """Yield path, rule and list for what is wrong between files, once for each time."""
    ids: defaultdict[str, list[File]] = defaultdict(list)
    slugs: defaultdict[str, list[File]] = defaultdict(list)
    for file in files:
        ids[file.id].append(file)
        slugs[file.slug].append(file)
    named = {name: group for name, group in (ids | slugs).items() if name}
    for file in files:
        for kind, written in file.links.items():
            yield from [(file.path, "dangling-target", kind) for target in written if target not in named]
            if file.spec != "1.3":
                yield from [(file.path, "self-reference", kind) for target in written if target in (file.slug, file.id)]
                yield from [(file.path, "duplicate-target", kind)] * (len(written) - len(set(written)))
            if kind in INVERSE or (kind in SYMMETRIC and file.spec != "1.3"):
                rule = "missing-inverse" if kind in INVERSE else "missing-reciprocal"
                back = INVERSE.get(kind, kind)
                owing = {others[0].path for target in written if owes(others := named.get(target, []), file, back)}
                yield from [(file.path, rule, kind)] * len(owing)
        if file.spec != "1.3":
            under = Counter(target for kind in TYPES.get(file.spec, ()) for target in set(file.links.get(kind, ())))
            yield from [(file.path, "type-conflict", "")] * sum(times > 1 for times in under.values())


def owes(others: list[File], file: File, kind: str) -> bool:
    """Return whether none of the files of one name lists `file` under any type, though they could under `kind`."""
    if not others or file in others or not all(other.parses and kind in TYPES[other.spec] for other in others):
        return False
    return not any(
        {file.slug, file.id} & set(written)
        for other in others
        for name, written in other.links.items()
        if name != "inferred_links"
    )


if __name__ == "__main__":
    for folder in sys.argv[1:]:
        totals: Counter[tuple[str, str]] = Counter()
        for (_, rule, kind), times in count(Path(folder)).items():
            totals[rule, kind] += times
        for (rule, kind), times in sorted(totals.items()):
            print(f"{folder}: {rule:20} {kind:18} {times:6}")  # noqa: T201 - a script
