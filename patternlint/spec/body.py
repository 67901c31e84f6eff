"""The body of a specification: its sections, the form of their headings, and the lines that they have."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Literal, NamedTuple

from msgspec import Struct

TENSION = "{tension}"
"""Stands in `opens-with` for the primary tension of the front matter."""

LinkForm = Literal["path", "wiki", "name"]
"""A form of links in the text: `[text](name.md)`, `[[name]]`, `[text](name)`."""

ANY_LENGTH = (0, 1_000_000)  # words; no file is that long

_FORM = re.compile(r"(?P<hashes>#{1,6}) (?P<before>[^{}]*)(?:\{number\}(?P<between>[^{}]+))?\{title\}")
_NOTE = re.compile(r"\s*\([^()]*\)")
_MARKS = " \t>*_[]!:"


class HeadingParts(NamedTuple):
    """The parts of a heading: whether it begins with the word of its form, its number as digits, and its title."""

    is_named: bool
    number: str
    title: str


class HeadingForm(Struct, frozen=True):
    """The form of the headings of sections.

    Attributes:
        level: the number of `#`.
        before: the text before the number, or before the title in headings without numbers.
        between: the text between the number and the title; empty for headings without a number.
    """

    level: int
    before: str
    between: str

    def heading(self, number: int, title: str) -> str:
        """Return the line of a heading."""
        middle = f"{number}{self.between}" if self.between else ""
        return f"{'#' * self.level} {self.before}{middle}{title}"

    def split(self, text: str) -> HeadingParts:
        """Split the text of a heading, such as `Section 1: Title` or `1. Title`; the title is empty for other headings."""
        before = len(self.before)
        is_named = before > 0 and text[:before].casefold() == self.before.casefold()
        if not self.between:
            return HeadingParts(is_named, "", text[before:].strip() if is_named or not before else "")
        mark = self.between.strip() or " "
        number, found, title = text[before:].partition(mark) if is_named else text.partition("." if before else mark)
        number = number.strip()
        return HeadingParts(is_named, number, title.strip()) if found and number.isdecimal() else _NO_SECTION


_NO_SECTION = HeadingParts(is_named=False, number="", title="")


def parse_form(text: str) -> HeadingForm | None:
    """Return the form that `heading` describes, or None if it is not valid."""
    match = _FORM.fullmatch(text)
    return HeadingForm(len(match["hashes"]), match["before"], match["between"] or "") if match is not None else None


class SectionSpec(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A section of the body.

    Attributes:
        title: its title.
        also: other titles that are accepted.
        optional: whether a file may lack it.
        words: the fewest and the most words; absent for any number.
        opens_with: the beginning of a line that the section has. `{tension}` in it stands for the primary tension.
        similar: other beginnings of that line; a fix replaces such a line.
        contains: a text that the section has.
        blocks: the titles of blocks that the section has, each a sub-heading or bold words.
        rows: the first cells of the rows of a table that the section has.
        row_numbers: the least and the most number in a cell of these rows; each of them has such a cell then.
        prompt: the text that `patternlint new` writes.
        tails: words behind the title in older templates, which say nothing about the pattern.
    """

    title: str
    also: tuple[str, ...] = ()
    optional: bool = False
    words: tuple[int, int] = ANY_LENGTH
    opens_with: str = ""
    similar: tuple[str, ...] = ()
    contains: str = ""
    blocks: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    row_numbers: tuple[float, float] | None = None
    prompt: str = ""
    tails: tuple[str, ...] = ()

    @property
    def titles(self) -> tuple[str, ...]:
        """All accepted titles."""
        return (self.title, *self.also)


class SectionTitles:
    """Finds a section by its title."""

    def __init__(self, sections: tuple[SectionSpec, ...]) -> None:
        titles = [
            (title.casefold(), title, number) for number, section in enumerate(sections, 1) for title in section.titles
        ]
        self._titles = sorted(titles, key=lambda one: len(one[0]), reverse=True)  # a title may begin with another
        self._tails = frozenset(tail.casefold() for section in sections for tail in section.tails)

    def beginning(self, text: str) -> tuple[int, str]:
        """Return the number and the title of the section whose title `text` begins with, or 0."""
        folded = text.casefold()
        for start, title, number in self._titles:
            if folded.startswith(start) and not folded[len(start) : len(start) + 1].isalnum():
                return number, title
        return 0, ""

    def exact(self, text: str) -> tuple[int, str]:
        """Return the number and the title of the section with the title `text`, or 0.

        A colon, a note in parentheses and the words of older templates may follow the title.
        """
        folded = text.casefold().strip()
        for start, title, number in self._titles:
            rest = folded.removeprefix(start) if folded.startswith(start) else "?"
            if not rest.strip(" \t:—–-") or _NOTE.fullmatch(rest) or rest.strip(" \t:—–-") in self._tails:
                return number, title
        return 0, ""


class BodySpec(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", dict=True):
    """The body: its sections in order, numbered from 1, and the lines above them.

    Attributes:
        heading: the form of the headings of sections: `#`, and `{title}`, optionally with `{number}` before it.
        any_number: whether headings of sections have any number, or none, at the level of `heading` or above. Then only the
            title counts.
        ordered: whether the sections have the order of the specification.
        others: whether a file may have other headings of the same level.
        links: the forms of links in the text that lead to other files: "path" (`[text](name.md)`), "wiki" (`[[name]]`),
            "name" (`[text](name)`). `broken-link` checks them, and `orphan` counts them; by default, none.
        mean_rows: the first cells of table rows whose numbers are the means of the numbers above them.
        separator: the line that `patternlint new` writes between sections, such as `---`.
        opening: the text that `patternlint new` writes above the sections.
        confidence_line: the beginning of the line that rates the confidence; empty for none.
        confidence_labels: the words for one star, two stars and so on.
        placeholders: texts in brackets that older templates have, besides the prompts of this specification.
        sections: the sections.
    """

    heading: str = "### Section {number}: {title}"
    any_number: bool = False
    ordered: bool = True
    others: bool = True
    links: tuple[LinkForm, ...] = ()
    mean_rows: tuple[str, ...] = ()
    separator: str = ""
    opening: str = ""
    confidence_line: str = ""
    confidence_labels: tuple[str, ...] = ()
    placeholders: tuple[str, ...] = ()
    sections: tuple[SectionSpec, ...] = ()

    @cached_property
    def form(self) -> HeadingForm:
        """The form of `heading`; that of any level-2 heading if it is not valid, which `check_spec` reports."""
        return parse_form(self.heading) or HeadingForm(2, "", "")

    @cached_property
    def titles(self) -> SectionTitles:
        """Finds a section by its title."""
        return SectionTitles(self.sections)

    @cached_property
    def is_numbered(self) -> bool:
        """Whether the number in the heading of a section is its place in the specification."""
        return bool(self.form.between) and not self.any_number

    @cached_property
    def example_heading(self) -> str:
        """The form of a heading in words: `### Section N: Title`."""
        return self.heading.replace("{number}", "N").replace("{title}", "Title")

    @cached_property
    def confidence_name(self) -> str:
        """The words of `confidence_line` without markup, such as "Confidence Rating"."""
        return self.confidence_line.rpartition("]")[2].strip(_MARKS)

    @cached_property
    def opening_lines(self) -> Mapping[int, str]:
        """The line that a section opens with, by the number of the section, for those that have one."""
        return {number: section.opens_with for number, section in enumerate(self.sections, 1) if section.opens_with}

    def heading_of(self, number: int, title: str = "") -> str:
        """Return the heading of a section, with another accepted title if one is given."""
        return self.form.heading(number, title or self.sections[number - 1].title)

    def name_of(self, number: int) -> str:
        """Return a section as messages name it: "section 3, Solution", or "section `Solution`" without numbers."""
        title = self.sections[number - 1].title
        return f"section {number}, {title}" if self.is_numbered else f"section `{title}`"

    def subject_of(self, number: int) -> str:
        """Return the name of a section as the subject of a sentence: "section 3, Solution,"."""
        return self.name_of(number) + ("," if self.is_numbered else "")
