"""The order of the top-level keys. A key moves with its banner and its comments."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from patternlint.diagnostics.fix import Replacement
from patternlint.document.pattern import Pattern
from patternlint.document.trivia import Chomping, KeyBlock, TriviaLine
from patternlint.edits.key_order import top_order
from patternlint.edits.text_lines import newline
from patternlint.layout.data_check import preserves_data
from patternlint.layout.issue import LayoutIssue
from patternlint.source import Span


def check_key_order(pattern: Pattern) -> LayoutIssue | None:
    """Return an issue for the first top-level key that is out of order, with the edit that sorts all keys."""
    nodes = pattern.front.root.keys
    keys = sorted(nodes, key=lambda key: nodes[key].key_start)
    order = top_order(pattern.spec, keys)
    ranks = {key: rank for rank, key in enumerate(order)}
    highest = -1
    for key in keys:
        rank = ranks.get(key, highest)
        if rank < highest:
            blocks = pattern.key_blocks.blocks
            if not blocks:
                return None
            edit = _sort_edit(pattern, _sort_blocks(blocks, ranks))
            edits = (edit,) if preserves_data(pattern, (edit,)) else ()
            return LayoutIssue(nodes[key].key_span, edits, (key,), order[highest])
        highest = rank
    return None


def _sort_blocks(blocks: Sequence[KeyBlock], ranks: dict[str, int]) -> list[KeyBlock]:
    """Return the blocks in the order of the spec; an unknown key stays after the key before it."""
    placed: list[tuple[int, int, KeyBlock]] = []
    rank = -1
    for index, block in enumerate(blocks):
        rank = ranks.get(block.key, rank)
        placed.append((rank, index, block))
    return [block for _, _, block in sorted(placed, key=lambda one: one[:2])]


def _sort_edit(pattern: Pattern, ordered: Sequence[KeyBlock]) -> Replacement:
    """Return the edit that arranges the blocks in a new order."""
    text = pattern.source.text
    blocks = pattern.key_blocks.blocks
    head = _start_of_keys(pattern)
    banner_ends = ends_of_banners(pattern)
    openings: dict[str, str] = {}
    bodies: dict[str, str] = {}
    for block in blocks:
        start = head if block is blocks[0] else block.trivia_start
        name = _group(pattern, block)
        if name not in openings:
            cut = own_start(block, banner_ends)
            openings[name] = text[start:cut]
            start = cut
        bodies[block.key] = text[start : block.end]
    first = _group(pattern, blocks[0])
    parts: list[str] = []
    chomping = Chomping.NONE
    for block in ordered:
        name = _group(pattern, block)
        opening = openings.pop(name, "")
        body = bodies[block.key]
        if opening.strip() or not parts:
            body = body[_start_of_content(body) :]  # the blank lines separated the key from the one above it
        if not parts:
            opening = opening[_start_of_content(opening) :]
        elif opening and name == first:
            opening = f"{newline(pattern)}{opening}"
        parts.append(_without_kept_blank_lines(opening + body, chomping))
        chomping = Chomping.of(text, block.node)
    end = blocks[-1].end
    if chomping is not Chomping.NONE:
        end = next((line.start for line in pattern.key_blocks.trailing_trivia if line.text), pattern.front.span.end)
    return _minimal_edit(text, Span(head, end), "".join(parts))


def _without_kept_blank_lines(part: str, chomping: Chomping) -> str:
    """Return lines whose leading blank lines do not become a part of the value above them."""
    if chomping is Chomping.NONE:
        return part
    start = _start_of_content(part)
    return part[start:] if chomping is Chomping.KEEP else part[:start].replace(" ", "").replace("\t", "") + part[start:]


def _start_of_content(part: str) -> int:
    """Return the offset of the first line that is not blank."""
    return part.rfind("\n", 0, len(part) - len(part.lstrip(" \t\r\n"))) + 1


def _group(pattern: Pattern, block: KeyBlock) -> str:
    """Return the name of the group of a key; a key without a group is its own group."""
    group = pattern.spec.group_of.get(block.key)
    return group.name if group is not None else f".{block.key}"


def _start_of_keys(pattern: Pattern) -> int:
    """Return the offset of the first key's own lines; comments before a blank line concern the whole file."""
    first = pattern.key_blocks.blocks[0]
    banner = next((banner for banner in pattern.banners if banner.block is first), None)
    stop = banner.start if banner is not None else own_start(first, {})
    head = first.trivia_start
    for line in first.leading_trivia:
        if line.end <= stop and not line.text:
            head = line.end
    return head


def ends_of_banners(pattern: Pattern) -> dict[int, int]:
    """Return the end of the last banner above each block, by the start of the block."""
    return {banner.block.start: banner.end for banner in pattern.banners if banner.block is not None}


def own_start(block: KeyBlock, banner_ends: Mapping[int, int]) -> int:
    """Return the offset of the comments directly above a key, or of its line if it has none."""
    return start_of_run(block.leading_trivia, block.start, banner_ends.get(block.start, block.trivia_start))


def start_of_run(lines: Sequence[TriviaLine], end: int, stop: int) -> int:
    """Return the start of the run of comments that ends at `end`, at least `stop`."""
    at = end
    for line in lines_up_from(lines, end):
        if line.start < stop or not line.text:
            break
        at = line.start
    return at


def lines_up_from(lines: Sequence[TriviaLine], end: int) -> Iterator[TriviaLine]:
    """Yield the lines from the one that ends at `end` upwards, or nothing if no line ends there."""
    index = bisect_left(lines, end, key=lambda line: line.end)
    if index < len(lines) and lines[index].end == end:
        while index >= 0:
            yield lines[index]
            index -= 1


def _minimal_edit(text: str, span: Span, new: str) -> Replacement:
    """Return the edit that replaces `span` by `new`, without unchanged lines at either end."""
    old_lines = text[span.start : span.end].split("\n")
    new_lines = new.split("\n")
    most = min(len(old_lines), len(new_lines)) - 1
    above = next((index for index in range(most) if old_lines[index] != new_lines[index]), most)
    chomping = next(
        (index for index in range(most - above) if old_lines[-2 - index] != new_lines[-2 - index]), most - above
    )
    start = span.start + sum(len(line) + 1 for line in old_lines[:above])
    end = span.end - sum(len(line) + 1 for line in old_lines[len(old_lines) - 1 - chomping : -1])
    kept = [f"{line}\n" for line in new_lines[above : len(new_lines) - 1 - chomping]]
    return Replacement(Span(start, end), "".join(kept))
