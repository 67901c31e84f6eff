"""Group banners in the front matter: a ruler, a comment line with the name of the group, and the same ruler."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from patternlint.document.trivia import KeyBlock, KeyBlocks, TriviaLine
from patternlint.spec.model import Group, Spec

RULER = "# " + "═" * 67
_RULER_CHARS = frozenset("═=─-━_*~#")
_RULER_MIN_LENGTH = 10
_NAME_PREFIX = "# group "


class Banner(Struct, frozen=True):
    """A group banner in a file; its rulers may be missing.

    Attributes:
        group: the group that it names; None for an unknown name.
        name_line: the line with the name.
        ruler_above: the ruler above the name, or None.
        ruler_below: the ruler below the name, or None.
        is_known: whether the name is the banner of the group in the spec, or one of its aliases.
        block: the key block below the banner; None after the last one.
    """

    group: Group | None
    name_line: TriviaLine
    ruler_above: TriviaLine | None
    ruler_below: TriviaLine | None
    is_known: bool
    block: KeyBlock | None

    @property
    def start(self) -> int:
        """The offset of its first line."""
        return (self.ruler_above or self.name_line).start

    @property
    def end(self) -> int:
        """The offset of the line after its last line."""
        return (self.ruler_below or self.name_line).end


def banner_lines(group: Group) -> list[str]:
    """Return the lines of a group's banner."""
    return [RULER, f"# {group.banner}", RULER]


def is_ruler(line: str) -> bool:
    """Return whether a line is a ruler, or begins like one."""
    bare = line[1:].lstrip()[:_RULER_MIN_LENGTH] if line.startswith("#") else ""
    return len(bare) == _RULER_MIN_LENGTH and bare[0] in _RULER_CHARS and bare == bare[0] * _RULER_MIN_LENGTH


def is_plain_ruler(line: str) -> bool:
    """Return whether a line is a ruler without other text, which a fix may replace."""
    return is_ruler(line) and _RULER_CHARS.issuperset(line[1:].strip())


def is_name_line(line: str) -> bool:
    """Return whether a line is the name line of a banner, such as `# GROUP 1: …`."""
    return (
        line[2:3] in ("G", "g")  # most comments are rulers
        and line[: len(_NAME_PREFIX)].lower() == _NAME_PREFIX
        and line[len(_NAME_PREFIX) : len(_NAME_PREFIX) + 1].isdigit()
    )


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
    """Return the group with the number of an unknown name: `GROUP 3: …`."""
    number = name.partition(":")[0].casefold()
    return next((group for text, group in known.items() if text.partition(":")[0].casefold() == number), None)
