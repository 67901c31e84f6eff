"""The banners that open the groups of front matter: a rule line, a name, and the same rule line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from patternlint.document.node import Node
from patternlint.document.trivia import KeyBlock, KeyBlocks, TriviaLine
from patternlint.source import Span
from patternlint.spec.model import Group, Spec

RULER = "# " + "═" * 67
_RULE_LINE = f"{RULER}\n"
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


def are_in_order(text: str, root: Node, span: Span, spec: Spec) -> bool:
    """Return whether every group has its banner, written as the spec has it and set apart as it should be.

    A quick look at front matter that covers `span` of `text`, with the mapping `root` at its top: it starts with a
    banner, a key stands below each, and there are no other comments at the start of a line. Where it says no, there
    may still be nothing wrong.
    """
    if root.style:
        return False
    keys, known = root.keys, spec.banner_names
    opened: set[str] = set()
    banners = 0
    for node in keys.values():
        below = node.key_start - len(_RULE_LINE)
        if not text.startswith(_RULE_LINE, below):
            continue
        name = text.rfind("\n", 0, below - 1) + 1
        above = name - len(_RULE_LINE)
        group = known.get(text[name + 2 : below - 1]) if text.startswith("# ", name) else None
        if group is None or not text.startswith(f"\n{_RULE_LINE}", above - 1):
            return False
        if not (_is_apart(text, above, group) if banners else above == span.start):
            return False
        opened.add(group.name)
        banners += 1
    if not banners or _has_more_comments(text, span, 3 * banners):
        return False
    return all(not group.banner or group.name in opened or keys.keys().isdisjoint(group.keys) for group in spec.groups)


def _has_more_comments(text: str, span: Span, lines: int) -> bool:
    """Return whether more than the first of some lines of front matter, and those that many in all, begin with `#`.

    To count the `#` comes first, because a look for one character is the faster one.
    """
    return text.count("#", span.start, span.end) > lines and text.count("\n#", span.start, span.end) >= lines


def _is_apart(text: str, at: int, group: Group) -> bool:
    """Return whether what stands above a banner, which begins at `at`, ends with a blank line, or without one where there may be none."""
    if text.endswith("\n\n", 0, at):
        return not text[at - 3].isspace()
    last = text[text.rfind("\n", 0, at - 1) + 1 : at]
    return group.blank_before != "always" and not last[-2:-1].isspace() and not last.lstrip().startswith("#")


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
