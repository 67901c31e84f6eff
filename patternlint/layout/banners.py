"""Missing and malformed banners, and the blank lines before them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, takewhile

from patternlint.diagnostics.fix import Replacement
from patternlint.document.banners import RULER, banner_lines, is_plain_ruler
from patternlint.document.pattern import Pattern
from patternlint.document.trivia import Chomping, KeyBlock
from patternlint.edits.insertion import join_lines
from patternlint.edits.text_lines import newline
from patternlint.layout.issue import EXTRA, MISSING, LayoutIssue
from patternlint.layout.key_order import ends_of_banners, lines_up_from, own_start, start_of_run
from patternlint.source import Span
from patternlint.spec.model import Group

_NEVER = "never"
_ALWAYS = "always"


def check_missing_banners(pattern: Pattern) -> LayoutIssue | None:
    """Return an issue for the groups without a banner, named in `detail`, with the edits that add them."""
    found = pattern.banners
    opened = {banner.group.name for banner in found if banner.group is not None}
    keys = pattern.front.root.keys
    missing = [
        group
        for group in pattern.spec.groups
        if group.banner and group.name not in opened and any(key in keys for key in group.keys)
    ]
    if not missing or not pattern.key_blocks.blocks:
        return None
    ends = ends_of_banners(pattern)
    places = {block.key: index for index, block in enumerate(pattern.key_blocks.blocks)}
    groups = pattern.spec.groups
    homes = {group.name: home for group in groups if (home := _home(pattern, group, places)) is not None}
    edits: list[Replacement] = []
    for group in missing:
        home = homes[group.name]
        wrong = next((one for one in reversed(found) if one.block is home and one.group is not None), None)
        moved = homes.get(wrong.group.name) if wrong is not None and wrong.group is not None else None
        if wrong is None or moved is None or moved is home or any(banner.block is moved for banner in found):
            edits.append(_opening(pattern, home, group, banner_lines(group), ends))
            continue
        edits.append(Replacement(wrong.name_line.span, f"# {group.banner}"))
        lines = [line.text for line in (wrong.ruler_above, wrong.name_line, wrong.ruler_below) if line is not None]
        if wrong.group is not None:
            edits.append(_opening(pattern, moved, wrong.group, lines, ends))
    names = ", ".join(f"`{group.banner}`" for group in missing)
    return LayoutIssue(pattern.front.opening, tuple(edits), detail=names)


def _home(pattern: Pattern, group: Group, places: Mapping[str, int]) -> KeyBlock | None:
    """Return the block below the banner of a group: its first key. `places` are the positions of the keys.

    Keys of the previous group directly before that key are included if a blank line separates them from their group.
    """
    blocks = pattern.key_blocks.blocks
    first = min([places[key] for key in group.keys if key in places], default=-1)
    if first < 0:
        return None
    group_of = pattern.spec.group_of
    groups = pattern.spec.groups
    before = groups[groups.index(group) - 1] if group is not groups[0] else None
    at = first
    while at and not blocks[at].leading_trivia and before is not None and group_of.get(blocks[at - 1].key) is before:
        at -= 1
    begins = before is None or not any(group_of.get(block.key) is before for block in blocks[:at])
    is_separated = 0 < at < first and not begins and any(not line.text for line in blocks[at].leading_trivia)
    return blocks[at] if is_separated else blocks[first]


def _opening(
    pattern: Pattern, home: KeyBlock, group: Group, lines: Sequence[str], ends: Mapping[int, int]
) -> Replacement:
    """Return the edit that inserts a banner above a block and its comments."""
    at = own_start(home, ends)
    is_separated = at == home.trivia_start == pattern.front.span.start or any(
        line.end == at and not line.text for line in home.leading_trivia
    )
    blank = (
        []
        if is_separated or group.blank_before == _NEVER or (at == home.trivia_start and _is_kept(pattern, home))
        else [""]
    )
    return Replacement(Span(at, at), join_lines([*blank, *lines], newline(pattern)))


def _is_kept(pattern: Pattern, block: KeyBlock) -> bool:
    """Return whether a blank line directly before the block would belong to the value of the previous block."""
    blocks = pattern.key_blocks.blocks
    index = bisect_left(blocks, block.trivia_start, key=lambda one: one.end)
    above = blocks[index] if index < len(blocks) and blocks[index].end == block.trivia_start else None
    return above is not None and Chomping.of(pattern.source.text, above.node) is Chomping.KEEP


def check_banner_form(pattern: Pattern) -> Iterator[LayoutIssue]:
    """Yield an issue for each missing or malformed ruler and for each unknown name."""
    found = pattern.banners
    eol = newline(pattern)
    for banner in found:
        name = banner.name_line
        for line in (banner.ruler_above, banner.ruler_below):
            if line is not None and line.text != RULER:
                edits = (Replacement(line.span, RULER),) if is_plain_ruler(line.text) else ()
                yield LayoutIssue(line.span, edits, detail="rule")
        missing = [
            Replacement(Span(at, at), f"{RULER}{eol}")
            for line, at in ((banner.ruler_above, name.start), (banner.ruler_below, name.end))
            if line is None
        ]
        if missing:
            what = "around" if len(missing) > 1 else "above" if banner.ruler_above is None else "below"
            yield LayoutIssue(name.span, tuple(missing), detail=what)
        if not banner.is_known:
            yield LayoutIssue(name.span, (), detail="name")
    claimed = {line.start for banner in found for line in (banner.ruler_above, banner.ruler_below) if line is not None}
    front = pattern.front.span
    count = pattern.source.text.count(RULER[:12], front.start, front.end)
    if len(claimed) < 2 * len(found) or count != len(claimed):
        yield from _stray_rulers(pattern, claimed)


def _stray_rulers(pattern: Pattern, claimed: set[int]) -> Iterator[LayoutIssue]:
    """Yield surplus rulers beside a banner that has its own; the edit deletes all of a run."""
    for block in pattern.key_blocks.blocks:
        for is_ruler_run, lines in groupby(block.leading_trivia, lambda line: is_plain_ruler(line.text)):
            run = list(lines) if is_ruler_run else []
            stray = [line for line in run if line.start not in claimed]
            if 0 < len(stray) < len(run):
                edit = Replacement(Span(stray[0].start, stray[-1].end), "")
                for line in stray:
                    yield LayoutIssue(line.span, (edit,), detail="stray")


def check_group_spacing(pattern: Pattern) -> Iterator[LayoutIssue]:
    """Yield an issue for each banner with a missing or an extra blank line before it."""
    found = pattern.banners
    eol = newline(pattern)
    for index, banner in enumerate(found):
        block = banner.block
        if block is None or banner.group is None:
            continue
        earlier = found[index - 1].end if index and found[index - 1].block is block else block.trivia_start
        run = start_of_run(block.leading_trivia, banner.start, earlier)
        blank = list(takewhile(lambda line: not line.text, lines_up_from(block.leading_trivia, run)))
        start = blank[-1].start if blank else run
        first = start == pattern.front.span.start
        least = 1 if banner.group.blank_before == _ALWAYS and not first else 0
        if len(blank) < least and not (run == block.trivia_start and _is_kept(pattern, block)):
            yield LayoutIssue(_first_line(block, run), (Replacement(Span(run, run), eol),), detail=MISSING)
        elif len(blank) > (0 if first else 1):
            extra = Span(start if first else blank[-1].end, run)
            yield LayoutIssue(extra, (Replacement(extra, ""),), detail=EXTRA)


def _first_line(block: KeyBlock, start: int) -> Span:
    return next((line.span for line in block.leading_trivia if line.start == start), Span(start, start))
