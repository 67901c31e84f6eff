"""The sections of bodies."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from patternlint.draft.order import is_in_order, usual_order
from patternlint.draft.outliers import Constraint
from patternlint.draft.records import Record
from patternlint.spec.body import HeadingForm, SectionSpec, SectionTitles, parse_form

_SHARE = 10  # one in so many files with headings has a heading that is a section
_MOST = 40
_NUMBERED = re.compile(r"(?P<before>[^0-9{}]*)[0-9]+(?P<between>[^\w{}]*[ :.)])(?=\w)")
_CLOSED_NOTE = re.compile(r"\s*\([^()]*\)\s*$")
_FEWEST_VARIANTS = 2
_MOST_EDITS = 2
_SHORTEST = 5  # letters in a title that another one can be a variant of


class DraftSection(Struct, frozen=True):
    """A section: its title, other titles of it, and the files that have it."""

    title: str
    also: tuple[str, ...]
    files: frozenset[int]


class DraftBody(Struct, frozen=True):
    """The sections of some records.

    Attributes:
        heading: the setting `heading` of `[body]`; empty without sections.
        sections: the sections in their usual order.
        sequences: the titles of the sections in each record that can be in order or not.
        others: the other headings of the same level, with their number of files, the most frequent first.
        files_with_others: the files that have some of these.
    """

    heading: str
    sections: tuple[DraftSection, ...]
    sequences: tuple[tuple[str, ...], ...]
    others: Mapping[str, int]
    files_with_others: frozenset[int]


def body_of(records: Sequence[Record]) -> DraftBody:
    """Return the sections of some records: the headings that many have, at the level with the most of them."""
    level = _level(records)
    if level == 0:
        return DraftBody("", (), (), {}, frozenset())
    heading = _heading(records, level)
    form = parse_form(heading)
    if form is None:
        raise ValueError(heading)
    titles = [_titles(record, form) for record in records]
    files: dict[str, set[int]] = defaultdict(set)
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for number, found in enumerate(titles):
        for title in found:
            files[title.casefold()].add(number)
            spellings[title.casefold()][title] += 1
    shown = {folded: max(found, key=lambda title: (found[title], title)) for folded, found in spellings.items()}
    frequent = _frequent(files, sum(map(bool, titles)))
    variants = _variants(frequent, files)
    main = [title for title in frequent if title not in variants]
    sequences = [_known(found, main, variants) for found in titles]
    order = usual_order(sequences)
    sections = tuple(
        DraftSection(
            shown[title],
            tuple(shown[other] for other in sorted(variants) if variants[other] == title),
            frozenset(files[title].union(*(files[other] for other in variants if variants[other] == title))),
        )
        for title in order
    )
    finder = SectionTitles(tuple(SectionSpec(section.title, section.also) for section in sections))
    unlisted = {title: found for title, found in files.items() if not finder.exact(shown[title])[0]}
    others = {
        shown[title]: len(unlisted[title]) for title in sorted(unlisted, key=lambda one: (-len(unlisted[one]), one))
    }
    by_title = {section.title.casefold(): section.title for section in sections}
    in_words = tuple(tuple(by_title[title.casefold()] for title in found) for found in sequences)
    return DraftBody(heading, sections, in_words, others, frozenset().union(*unlisted.values()))


def _level(records: Sequence[Record]) -> int:
    """Return the level of the headings that many files share; 0 without such headings."""
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for record in records:
        for level, text in {(level, text.casefold()) for level, text in record.headings if text}:
            counts[level][re.sub(r"[0-9]+", "0", text)] += 1
    least = _least(sum(bool(record.headings) for record in records))
    totals = {level: sum(count for count in found.values() if count >= least) for level, found in counts.items()}
    if sum(level == 1 for record in records for level, _ in record.headings) <= len(records):
        totals.pop(1, None)  # the title of each file
    return max(sorted(totals), key=lambda level: totals[level]) if any(totals.values()) else 0


def _least(count: int) -> int:
    """Return how many files have a heading that is a section."""
    return max(min(count, 2), -(-count // _SHARE))


def _heading(records: Sequence[Record], level: int) -> str:
    """Return the form of the headings of a level: with numbers if nearly all have one."""
    texts = [text for record in records for at, text in record.headings if at == level]
    forms = Counter((match["before"], match["between"]) for text in texts if (match := _NUMBERED.match(text)))
    (before, between), count = max(forms.items(), key=lambda one: (one[1], one[0]), default=(("", ""), 0))
    numbered = f"{'#' * level} {before}{{number}}{between}{{title}}"
    is_usual = 10 * count >= 8 * len(texts) and parse_form(numbered) is not None
    return numbered if is_usual else f"{'#' * level} {{title}}"


def _titles(record: Record, form: HeadingForm) -> tuple[str, ...]:
    """Return the titles of the headings of a record that have a form, without notes in parentheses."""
    texts = (form.split(text).title for level, text in record.headings if level == form.level)
    titles = (_CLOSED_NOTE.sub("", text).strip(" \t:—–-") or text for text in texts)
    return tuple(dict.fromkeys(title for title in titles if title and _is_printable(title)))


def _is_printable(title: str) -> bool:
    return title.isprintable()


def _frequent(files: Mapping[str, set[int]], count: int) -> list[str]:
    least = _least(count)
    found = [title for title in sorted(files) if len(files[title]) >= least]
    return sorted(found, key=lambda title: (-len(files[title]), title))[:_MOST]


def _variants(frequent: Sequence[str], files: Mapping[str, set[int]]) -> dict[str, str]:
    """Return the titles that other files have in place of a frequent one, such as `Solutions`, each with that one."""
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - for drafts only

    found: dict[str, str] = {}
    for title in sorted(files, key=lambda title: (-len(files[title]), title)):
        earlier = frequent[: frequent.index(title)] if title in frequent else frequent
        for main in earlier if len(files[title]) >= _FEWEST_VARIANTS else ():
            is_close = min(len(title), len(main)) >= _SHORTEST and OSA.distance(title, main) <= _MOST_EDITS
            is_apart = 10 * len(files[title] & files[main]) <= len(files[title])
            if is_close and is_apart and main not in found:
                found[title] = main
                break
    return found


def _known(titles: Sequence[str], main: Sequence[str], variants: Mapping[str, str]) -> tuple[str, ...]:
    known = {*main}
    folded = [title.casefold() for title in titles]
    return tuple(dict.fromkeys(found for title in folded if (found := variants.get(title, title)) in known))


def section_constraints(body: DraftBody, count: int) -> Iterator[Constraint]:
    """Yield what can be asked of the bodies of `count` records."""
    everyone = frozenset(range(count))
    for section in body.sections:
        yield Constraint(("section", section.title), everyone - section.files)
    order = [section.title for section in body.sections]
    unordered = (number for number, found in enumerate(body.sequences) if not is_in_order(found, order))
    yield Constraint(("ordered",), frozenset(unordered))
    if count >= _SHARE:
        yield Constraint(("others",), body.files_with_others)
