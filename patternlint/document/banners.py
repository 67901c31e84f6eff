"""The banners that open the groups of front matter: a rule line, a name, and the same rule line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from patternlint.document.trivia import KeyBlock, KeyBlocks, TriviaLine
from patternlint.spec.model import Group, Spec

RULER = "# " + "═" * 67
_RULE_CHARS = frozenset("═=─-━_*~#")
_RULE_LENGTH = 10
_GROUP = "# group "


class Banner(Struct, frozen=True):
    """A banner as it stands in a file, maybe without one of its rule lines, or both.

    Attributes:
        group: the group that it names; None for a name that the spec does not know.
        name_line: the line with the name.
        ruler_above: the rule line above it, or None.
        ruler_below: the rule line below it, or None.
        is_known: whether the name is written as the spec has it, or one of the other names that it accepts.
        block: the block that it stands above; None behind the last one.
    """

    group: Group | None
    name_line: TriviaLine
    ruler_above: TriviaLine | None
    ruler_below: TriviaLine | None
    is_known: bool
    block: KeyBlock | None

    @property
    def start(self) -> int:
        """Where its first line starts."""
        return (self.ruler_above or self.name_line).start

    @property
    def end(self) -> int:
        """Where the line behind its last line starts."""
        return (self.ruler_below or self.name_line).end


def banner_lines(group: Group) -> list[str]:
    """Return the lines of a group's banner."""
    return [RULER, f"# {group.banner}", RULER]


def is_ruler(line: str) -> bool:
    """Return whether a line is a rule, or was meant to be one."""
    bare = line[1:].lstrip()[:_RULE_LENGTH] if line.startswith("#") else ""
    return len(bare) == _RULE_LENGTH and bare[0] in _RULE_CHARS and bare == bare[0] * _RULE_LENGTH


def is_plain_ruler(line: str) -> bool:
    """Return whether a line is a rule and nothing else, so that another rule can stand for it."""
    return is_ruler(line) and _RULE_CHARS.issuperset(line[1:].strip())


def is_name_line(line: str) -> bool:
    """Return whether a line is the name in a banner."""
    return line[: len(_GROUP)].lower() == _GROUP and line[len(_GROUP) : len(_GROUP) + 1].isdigit()


def find_banners(outline: KeyBlocks, spec: Spec) -> tuple[Banner, ...]:
    """Return the banners of front matter, in the order of the text."""
    known = spec.banner_names
    found: list[Banner] = []
    for block in outline.blocks:
        if block.leading_trivia:
            found.extend(_banners(block.leading_trivia, block, known))
    if outline.trailing_trivia:
        found.extend(_banners(outline.trailing_trivia, None, known))
    return tuple(found)


def _banners(lines: Sequence[TriviaLine], block: KeyBlock | None, known: Mapping[str, Group]) -> Iterator[Banner]:
    for index, line in enumerate(lines):
        if not is_name_line(line.text):
            continue
        above = lines[index - 1] if index and is_ruler(lines[index - 1].text) else None
        below = lines[index + 1] if index + 1 < len(lines) and is_ruler(lines[index + 1].text) else None
        name = line.text[2:]
        group = known.get(name)
        yield Banner(group or _by_number(name, known), line, above, below, group is not None, block)


def _by_number(name: str, known: Mapping[str, Group]) -> Group | None:
    """Return the group with the number in a name that is not known: `GROUP 3: …`."""
    number = name.partition(":")[0].casefold()
    return next((group for text, group in known.items() if text.partition(":")[0].casefold() == number), None)
