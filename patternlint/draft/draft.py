"""Draft a specification: what nearly all records of a library have in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from patternlint.document.identifiers import is_slug
from patternlint.draft.conditions import condition_constraints
from patternlint.draft.links import Naming, link_constraints, naming_of
from patternlint.draft.names import file_template
from patternlint.draft.order import usual_order
from patternlint.draft.outliers import Constraint, Name, affordable
from patternlint.draft.records import Record
from patternlint.draft.sections import DraftBody, body_of, section_constraints
from patternlint.draft.values import Values, constraints_of

MOST_PERCENT = 5
"""The share of records that may have findings under a draft, in percent."""
_PERCENT_OF_DRAFT = 3  # the rest is for rules that no specification describes
_ENOUGH = 20  # records that show that a key in one of them is a slip of the author
_RARE = 200  # one in so many records has a key that a draft leaves out


class Draft(Struct, frozen=True):
    """What the records of a library have in common.

    Attributes:
        records: the records that can be read, by path.
        globs: the globs of their files.
        values: the values of their front matter.
        keys: the top-level keys that the specification describes, in their usual order.
        left_out: the other top-level keys, with their number of files.
        naming: how they are called.
        file: the setting `file` of `[identity]`.
        title: the setting `title` of `[identity]`; empty if they have none.
        body: their sections.
        chosen: the names of the constraints that the specification has.
    """

    records: Sequence[Record]
    globs: Sequence[str]
    values: Values
    keys: tuple[str, ...]
    left_out: Mapping[str, int]
    naming: Naming
    file: str
    title: str
    body: DraftBody
    chosen: frozenset[Name]

    @property
    def front_matter(self) -> str:
        """The setting `front-matter`."""
        if not self.values.files:
            return "none"
        return "required" if ("front-matter",) in self.chosen else "optional"


def draft_of(records: Sequence[Record], globs: Sequence[str]) -> Draft:
    """Return a draft for some records, in which at most 3 % of them are exceptions to a constraint.

    Args:
        records: the records; those with invalid front matter count for nothing.
        globs: the globs of their files.
    """
    records = [record for record in records if not record.is_broken]
    values = Values()
    for number, record in enumerate(records):
        if record.has_front_matter:
            values.add(number, dict(record.keys))
    order = usual_order([tuple(record.keys) for record in records])
    values.keys = {key: values.keys[key] for key in order}
    naming = naming_of(records)
    template = file_template(naming.name, records)
    body = body_of(records)
    most = _PERCENT_OF_DRAFT * len(records) // 100
    candidates = [
        Constraint(("front-matter",), frozenset(range(len(records))) - values.files),
        *constraints_of(values, (), is_link=naming.is_link),
        *condition_constraints(values),
        *_rare_keys(values, naming),
        *_slugs(naming),
        *link_constraints(naming),
        *section_constraints(body, len(records)),
    ]
    chosen = affordable(candidates, most)
    left_out = {key: len(found.files) for key, found in values.keys.items() if ("no-key", key) in chosen}
    return Draft(
        records,
        globs,
        values,
        tuple(key for key in order if key not in left_out),
        left_out,
        naming,
        template,
        _title(records),
        body,
        chosen,
    )


def _rare_keys(values: Values, naming: Naming) -> Iterator[Constraint]:
    count = len(values.files)
    for key, found in values.keys.items():
        is_named = naming.is_link((key,)) or key == naming.key
        if count >= _ENOUGH and len(found.files) <= max(1, count // _RARE) and not is_named:
            yield Constraint(("no-key", key), frozenset(found.files))


def _slugs(naming: Naming) -> Iterator[Constraint]:
    if not naming.name.startswith("{"):
        exceptions = frozenset(number for number, name in enumerate(naming.names) if name and not is_slug(name))
        if any("-" in name for name in naming.names):
            yield Constraint(("slugs",), exceptions)


def _title(records: Sequence[Record]) -> str:
    """Return the setting for the title: a key, or `#` for the first heading; empty if most records have none."""
    for key in ("title", "name"):
        if 2 * sum(isinstance(record.keys.get(key), str) for record in records) >= len(records):
            return key
    has_heading = sum(any(level == 1 for level, _ in record.headings) for record in records)
    return "#" if 2 * has_heading >= len(records) else ""
