"""Banners that are missing or not well formed, and the blank lines before them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import groupby, takewhile

from patternlint.diagnostics.fix import Replace
from patternlint.document.banners import RULE, banner_lines, is_whole_rule_line
from patternlint.document.pattern import Pattern
from patternlint.document.trivia import Below, Block
from patternlint.edits.insertion import joined
from patternlint.edits.text_lines import newline
from patternlint.layout.issue import EXTRA, MISSING, Slip
from patternlint.layout.key_order import ends_of_banners, lines_up_from, own_start, start_of_run
from patternlint.source import Span
from patternlint.spec.model import Group

_NEVER = "never"
_ALWAYS = "always"


def unopened_groups(pattern: Pattern) -> Slip | None:
    """Return the groups that have no banner, named in `what`, and the edits that give them one."""
    if pattern.in_order:
        return None
    found = pattern.banners
    opened = {banner.group.name for banner in found if banner.group is not None}
    keys = pattern.front.root.keys
    missing = [
        group
        for group in pattern.spec.groups
        if group.banner and group.name not in opened and any(key in keys for key in group.keys)
    ]
    if not missing or not pattern.outline.blocks:
        return None
    homes = {group.name: home for group in pattern.spec.groups if (home := _home(pattern, group)) is not None}
    edits: list[Replace] = []
    for group in missing:
        home = homes[group.name]
        wrong = next((one for one in reversed(found) if one.block is home and one.group is not None), None)
        moved = homes.get(wrong.group.name) if wrong is not None and wrong.group is not None else None
        if wrong is None or moved is None or moved is home or any(banner.block is moved for banner in found):
            edits.append(_opening(pattern, home, group, banner_lines(group)))
            continue
        edits.append(Replace(wrong.name.span, f"# {group.banner}"))
        lines = [line.text for line in (wrong.above, wrong.name, wrong.below) if line is not None]
        if wrong.group is not None:
            edits.append(_opening(pattern, moved, wrong.group, lines))
    return Slip(pattern.front.opening, tuple(edits), what=_names(missing))


def _names(groups: Sequence[Group]) -> str:
    return ", ".join(f"`{group.banner}`" for group in groups)


def _home(pattern: Pattern, group: Group) -> Block | None:
    """Return the block that a group's banner stands above: its first key.

    A key of the group before it that stands there too, below a blank line, is taken along, unless that group begins
    there.
    """
    blocks = pattern.outline.blocks
    first = next((index for index, block in enumerate(blocks) if block.key in group.keys), None)
    if first is None:
        return None
    group_of = pattern.spec.group_of
    groups = pattern.spec.groups
    before = groups[groups.index(group) - 1] if group is not groups[0] else None
    at = first
    while at and not blocks[at].above and before is not None and group_of.get(blocks[at - 1].key) is before:
        at -= 1
    begins = before is None or not any(group_of.get(block.key) is before for block in blocks[:at])
    parted = 0 < at < first and not begins and any(not line.text for line in blocks[at].above)
    return blocks[at] if parted else blocks[first]


def _opening(pattern: Pattern, home: Block, group: Group, lines: Sequence[str]) -> Replace:
    """Return the edit that puts a banner above a block and the comments that belong to it."""
    at = own_start(home, ends_of_banners(pattern))
    parted = at == home.lead == pattern.front.span.start or any(line.end == at and not line.text for line in home.above)
    blank = [] if parted or group.blank_before == _NEVER or (at == home.lead and _is_kept(pattern, home)) else [""]
    return Replace(Span(at, at), joined([*blank, *lines], newline(pattern)))


def _is_kept(pattern: Pattern, block: Block) -> bool:
    """Return whether a blank line directly below the block before this one would belong to that one's value."""
    blocks = pattern.outline.blocks
    index = bisect_left(blocks, block.lead, key=lambda one: one.end)
    above = blocks[index] if index < len(blocks) and blocks[index].end == block.lead else None
    return above is not None and Below.of(pattern.source.text, above.node) is Below.KEPT


def malformed_banners(pattern: Pattern) -> Iterator[Slip]:
    """Yield a slip for every rule line that is missing or not as it should be, and for every name that is not known."""
    if pattern.in_order:
        return
    found = pattern.banners
    eol = newline(pattern)
    for banner in found:
        name = banner.name
        for line in (banner.above, banner.below):
            if line is not None and line.text != RULE:
                edits = (Replace(line.span, RULE),) if is_whole_rule_line(line.text) else ()
                yield Slip(line.span, edits, what="rule")
        missing = [
            Replace(Span(at, at), f"{RULE}{eol}")
            for line, at in ((banner.above, name.start), (banner.below, name.end))
            if line is None
        ]
        if missing:
            what = "around" if len(missing) > 1 else "above" if banner.above is None else "below"
            yield Slip(name.span, tuple(missing), what=what)
        if not banner.known:
            yield Slip(name.span, (), what="name")
    claimed = {line.start for banner in found for line in (banner.above, banner.below) if line is not None}
    if len(claimed) < 2 * len(found) or _count_rules(pattern) != len(claimed):
        yield from _stray_rules(pattern, claimed)


def _count_rules(pattern: Pattern) -> int:
    return pattern.source.text.count(RULE[:12], pattern.front.span.start, pattern.front.span.end)


def _stray_rules(pattern: Pattern, claimed: set[int]) -> Iterator[Slip]:
    """Yield rule lines that are left over beside a banner that has its own; the edit takes all of a run out."""
    for block in pattern.outline.blocks:
        for is_rule, lines in groupby(block.above, lambda line: is_whole_rule_line(line.text)):
            run = list(lines) if is_rule else []
            stray = [line for line in run if line.start not in claimed]
            if 0 < len(stray) < len(run):
                edit = Replace(Span(stray[0].start, stray[-1].end), "")
                for line in stray:
                    yield Slip(line.span, (edit,), what="stray")


def misparted_groups(pattern: Pattern) -> Iterator[Slip]:
    """Yield a slip for every banner with a blank line too many or too few before it."""
    if pattern.in_order:
        return
    found = pattern.banners
    eol = newline(pattern)
    for index, banner in enumerate(found):
        block = banner.block
        if block is None or banner.group is None:
            continue
        earlier = found[index - 1].end if index and found[index - 1].block is block else block.lead
        run = start_of_run(block.above, banner.start, earlier)
        blank = list(takewhile(lambda line: not line.text, lines_up_from(block.above, run)))
        start = blank[-1].start if blank else run
        first = start == pattern.front.span.start
        least = 1 if banner.group.blank_before == _ALWAYS and not first else 0
        if len(blank) < least and not (run == block.lead and _is_kept(pattern, block)):
            yield Slip(_first_line(block, run), (Replace(Span(run, run), eol),), what=MISSING)
        elif len(blank) > (0 if first else 1):
            extra = Span(start if first else blank[-1].end, run)
            yield Slip(extra, (Replace(extra, ""),), what=EXTRA)


def _first_line(block: Block, start: int) -> Span:
    return next((line.span for line in block.above if line.start == start), Span(start, start))
