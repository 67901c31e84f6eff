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
    """Return the first top-level key that stands behind one that follows it by the spec, and the edit that sorts them."""
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
            edit = _sorted(pattern, _units(blocks, ranks))
            edits = (edit,) if preserves_data(pattern, (edit,)) else ()
            return LayoutIssue(nodes[key].key_span, edits, (key,), order[highest])
        highest = rank
    return None


def _units(blocks: Sequence[KeyBlock], ranks: dict[str, int]) -> list[KeyBlock]:
    """Return the blocks in order; one that the spec does not know stays behind the one that it stands behind."""
    placed: list[tuple[int, int, KeyBlock]] = []
    rank = -1
    for index, block in enumerate(blocks):
        rank = ranks.get(block.key, rank)
        placed.append((rank, index, block))
    return [block for _, _, block in sorted(placed, key=lambda one: one[:2])]


def _sorted(pattern: Pattern, wanted: Sequence[KeyBlock]) -> Replacement:
    """Return the edit that puts the blocks into the wanted order."""
    text = pattern.source.text
    blocks = pattern.key_blocks.blocks
    head = _head(pattern)
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
    below = Chomping.NONE
    for block in wanted:
        name = _group(pattern, block)
        opening = openings.pop(name, "")
        body = bodies[block.key]
        if opening.strip() or not parts:
            body = body[_blank(body) :]  # the blank lines were there to part the key from the one above it
        if not parts:
            opening = opening[_blank(opening) :]
        elif opening and name == first:
            opening = f"{newline(pattern)}{opening}"
        parts.append(_under(opening + body, below))
        below = Chomping.of(text, block.node)
    end = blocks[-1].end
    if below is not Chomping.NONE:
        end = next((line.start for line in pattern.key_blocks.trailing_trivia if line.text), pattern.front.span.end)
    return _smallest(text, Span(head, end), "".join(parts))


def _under(part: str, below: Chomping) -> str:
    """Return lines so that the blank ones at their start do not become a part of the value above them."""
    if below is Chomping.NONE:
        return part
    start = _blank(part)
    return part[start:] if below is Chomping.KEEP else part[:start].replace(" ", "").replace("\t", "") + part[start:]


def _blank(part: str) -> int:
    """Return where the first line begins that is not blank."""
    return part.rfind("\n", 0, len(part) - len(part.lstrip(" \t\r\n"))) + 1


def _group(pattern: Pattern, block: KeyBlock) -> str:
    """Return the name of a key's group; a key of no group is one of its own."""
    group = pattern.spec.group_of.get(block.key)
    return group.name if group is not None else f".{block.key}"


def _head(pattern: Pattern) -> int:
    """Return where the first key's own lines start; what a blank line parts from them is about the whole file."""
    first = pattern.key_blocks.blocks[0]
    banner = next((banner for banner in pattern.banners if banner.block is first), None)
    stop = banner.start if banner is not None else own_start(first, {})
    head = first.trivia_start
    for line in first.leading_trivia:
        if line.end <= stop and not line.text:
            head = line.end
    return head


def ends_of_banners(pattern: Pattern) -> dict[int, int]:
    """Return where the last banner above each block ends, by where the block starts."""
    return {banner.block.start: banner.end for banner in pattern.banners if banner.block is not None}


def own_start(block: KeyBlock, banner_ends: Mapping[int, int]) -> int:
    """Return where the comments directly above a key start; the key's line where there are none."""
    return start_of_run(block.leading_trivia, block.start, banner_ends.get(block.start, block.trivia_start))


def start_of_run(lines: Sequence[TriviaLine], end: int, stop: int) -> int:
    """Return where the run of comments that ends at `end` starts, at `stop` at the earliest."""
    at = end
    for line in lines_up_from(lines, end):
        if line.start < stop or not line.text:
            break
        at = line.start
    return at


def lines_up_from(lines: Sequence[TriviaLine], end: int) -> Iterator[TriviaLine]:
    """Yield the lines from the one that ends at `end` upwards; none where no line ends there."""
    index = bisect_left(lines, end, key=_end)
    if index < len(lines) and lines[index].end == end:
        while index >= 0:
            yield lines[index]
            index -= 1


def _end(line: TriviaLine) -> int:
    return line.end


def _smallest(text: str, span: Span, new: str) -> Replacement:
    """Return the edit that puts `new` where `span` is, without the lines that stay as they are at either end."""
    old_lines = text[span.start : span.end].split("\n")
    new_lines = new.split("\n")
    most = min(len(old_lines), len(new_lines)) - 1
    above = next((index for index in range(most) if old_lines[index] != new_lines[index]), most)
    below = next(
        (index for index in range(most - above) if old_lines[-2 - index] != new_lines[-2 - index]), most - above
    )
    start = span.start + sum(len(line) + 1 for line in old_lines[:above])
    end = span.end - sum(len(line) + 1 for line in old_lines[len(old_lines) - 1 - below : -1])
    kept = [f"{line}\n" for line in new_lines[above : len(new_lines) - 1 - below]]
    return Replacement(Span(start, end), "".join(kept))
