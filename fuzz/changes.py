"""Seeds, and random changes that resemble errors of people and tools, or attacks.

Most changes respect the structure of a pattern file (keys with their values, list items, lines of the body), so that most
files still parse and reach the rules. The others change arbitrary bytes.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from patternlint.linter.registry import Registry, built_in_rules
from patternlint.rule.internal import InternalErrorRule
from patternlint.testing import unmark

MAX_SIZE = 4_000
"""Longer files are truncated: short files have the same bugs and are faster to check."""

_EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
_BODY = 600
"""Bytes of the body of an example that a seed keeps."""

_FENCE = b"---\n"
_TOKENS = (
    *(b"---\n", b"\n---\n", b": ", b"- ", b"[]", b"{}", b"null", b"# ", b"\r\n", b"\t", b"\xef\xbb\xbf", b"&a ", b"*a"),
    *(b"|\n", b">-\n", b'"', b"'", b"\xe2\x80\xa8", b"\xc2\x85", b"\xff", b"<!-- ", b" -->", b"```\n", b"~~~\n"),
    *(b"# patternlint: ignore[key-order]\n", b"<!-- patternlint: ignore -->\n", b"### Section 2: Problem\n", b"    "),
    *("═".encode() * 67, "👩‍🌾".encode(), b"relationships:\n", b"  requires:\n", b"weight: 0.5\n", b"\n\n\n", b"<<: "),
    *(b"!!str ", b"? ", b"\x1b[31m", "\u202e".encode(), b"]]>", b"::error::", b"%0A", b"\\", b"|", b"`", b"<b>"),
)
_VALUES = (
    *(
        b"",
        b"null",
        b"~",
        b"[]",
        b"{}",
        b"true",
        b"yes",
        b"0",
        b"3.7",
        b"3.456",
        b"-1",
        b"1e3",
        b"0x1f",
        b".nan",
        b"014",
    ),
    *(
        b"12345678901234567890",
        b"2026-01-31",
        b"2026-02-30",
        b"1:30",
        b"'it''s'",
        b'"a \\u00e9 b"',
        b'"\\x1b[31m"',
        b"'",
    ),
    *(
        b"[a, 'b', \"c\"]",
        b"[a, [b]]",
        b"{slug: a-b, weight: 0.5}",
        b"&x here",
        b"*x",
        b"!!str 1",
        b"- a",
        b"a: b",
        b"#",
    ),
    *(b'"1.10"', b"1.10", b"&x", b"&x []", b"[]  # note", b"=", b"<<", b"[1e3, 012, yes]", b"{a: [b, {c: d}]}", b"45"),
    *(b">-\n      folded\n      text", b"|\n      kept\n\n      text", b"'two\n      lines'", b"plain\n      goes on"),
    *("Gärten für alle 🌱".encode(), b"word " * 40, b"x" * 120, b"TODO", b"seed", b"growing", b"rain-garden-street"),
    *(b"pat_01jz0000000000000000000000", b"https://example.org/?a=b#c", b"[text](http://example.org)", b"@a", b"`a`"),
)
_FRONT_LINES = (
    *(
        b"# a note\n",
        b"#\n",
        b"\n",
        b"\n\n",
        b"   \n",
        b"# " + "═".encode() * 67 + b"\n",
        b"# GROUP 5: HARD RELATIONSHIPS\n",
    ),
    *(
        b"# patternlint: ignore[dangling-target] why\n",
        b"# patternlint: ignore-file[body]\n",
        b"# patternlint: ignore-start[schema] why\n",
        b"# patternlint: ignore-end\n",
        b"? explicit\n: key\n",
        b"- slug: a-b\n",
        b"key:\n",
    ),
    *(
        b"key: value\n",
        b"weight: 0.5\n",
        b"key: # note\n",
        b"aliases: [a]\n",
        b"'quoted': 1\n",
        b"a: &x [b]\n",
        b"c: *x\n",
    ),
)
_BODY_LINES = (
    *(
        b"## Heading\n",
        b"#### 4.1 Deep\n",
        b"### Section 3: Solution\n",
        b"```yaml\n",
        b"> quoted\n",
        b"| a | b |\n|---|\n",
    ),
    *(
        b"[a](b.md) and [[c]]\n",
        b"![alt](x.png)\n",
        b"* item\n",
        b"1. item\n",
        b"<div>\n",
        b"Setext\n===\n",
        b"[a]: http://b\n",
    ),
    *(
        b"<!-- patternlint: ignore[section-length] -->\n",
        b"<!-- patternlint: ignore-start[placeholder] -->\n",
        b"<!-- patternlint: ignore-end -->\n",
        b"### Section 2: Problem {#problem}[^1]\n",
        b"**bold _both** end_\n",
        b"trailing   \n",
        b"\tindented\n",
        b"...\n",
    ),
)


def seeds() -> Iterator[bytes]:
    """Yield the files of the example library, shortened, and the examples of all rules."""
    for path in sorted(_EXAMPLES.rglob("*.md")):
        front, fence, body = path.read_bytes().partition(b"\n---\n")
        yield front + fence + body[:_BODY]
    for info in Registry(built_in_rules()):
        if not issubclass(info.rule, InternalErrorRule):
            for example in (*info.rule.bad, *info.rule.good):
                files, _ = unmark(example)
                yield from files.values()


def change(data: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """Return `data` with a few changes.

    Args:
        data: a file.
        others: files to take parts from.
        chance: source of randomness.
    """
    if len(data) > MAX_SIZE // 2 and chance.random() < 0.8:  # noqa: PLR2004 - a chance
        data = _fewer_keys(data, chance)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        data = (_structure if chance.random() < 0.9 else _bytes)(data, others, chance)  # noqa: PLR2004 - a chance
    if chance.random() < 0.02:  # noqa: PLR2004 - a chance
        data = data.replace(b"\n", chance.choice((b"\r\n", b"\r", "\u2028".encode())))
    return data[:MAX_SIZE]


def _fewer_keys(data: bytes, chance: random.Random) -> bytes:
    """Remove some top-level keys with their values, so that the file is short."""
    if not data.startswith(_FENCE):
        return data
    front, fence, body = data[len(_FENCE) :].partition(b"\n---\n")
    blocks: list[list[bytes]] = [[]]
    for line in front.split(b"\n"):
        if line[:1].isalpha():
            blocks.append([])
        blocks[-1].append(line)
    share = chance.choice((0.3, 0.6, 0.9))
    kept = [b"\n".join(block) for block in blocks if chance.random() < share]
    return _FENCE + b"\n".join(kept) + fence + body


def _structure(data: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """Change a key, a value, an item or a line."""
    lines = data.split(b"\n")
    at = chance.randrange(len(lines))
    end = _subtree(lines, at)
    fence = lines.index(b"---", 1) if b"---" in lines[1:] else 0
    some = _FRONT_LINES if at < fence or chance.random() < 0.1 else _BODY_LINES  # noqa: PLR2004 - a chance
    match chance.randrange(10):
        case 0 | 1 | 2:
            lines[at : chance.choice((end, at + 1))] = [_other_value(lines[at], chance)]
        case 3:
            lines[at] = _quoted(lines[at], chance)
        case 4:
            del lines[at:end]
        case 5:
            moved = lines[at:end]
            if chance.random() < 0.5:  # noqa: PLR2004 - a chance
                del lines[at:end]
            to = chance.randrange(len(lines) + 1)
            lines[to:to] = moved
        case 6:
            other = chance.choice(others).split(b"\n")
            start = chance.randrange(len(other))
            lines[at:at] = _indented(other[start : _subtree(other, start)], _indent(lines[at]) - _indent(other[start]))
        case 7:
            lines[at:end] = _indented(lines[at:end], chance.choice((-2, -1, 1, 2, 4)))
        case 8:
            lines[at:at] = [b" " * _indent(lines[at]) + chance.choice(some).removesuffix(b"\n")]
        case _:
            lines[at:end] = [chance.choice(some).removesuffix(b"\n")]
    return b"\n".join(lines)


def _other_value(line: bytes, chance: random.Random) -> bytes:
    """Return the line of a key or item with another value."""
    for mark in (b": ", b"- "):
        head, found, _ = line.partition(mark)
        if found:
            return head + mark + chance.choice(_VALUES)
    return line + b" " + chance.choice(_VALUES) if line.endswith(b":") else _quoted(line, chance)


def _indent(line: bytes) -> int:
    return len(line) - len(line.lstrip(b" "))


def _subtree(lines: Sequence[bytes], at: int) -> int:
    """Return the end of the block of a line: the following lines that are indented deeper or are its list items."""
    indent = _indent(lines[at])
    is_item = lines[at].lstrip().startswith(b"- ")
    end = at + 1
    while end < len(lines) and (
        _indent(lines[end]) > indent
        or (not is_item and _indent(lines[end]) == indent and lines[end].lstrip().startswith(b"- "))
    ):
        end += 1
    return end


def _indented(lines: Sequence[bytes], by: int) -> list[bytes]:
    if by >= 0:
        return [b" " * by + line for line in lines]
    return [line[min(-by, _indent(line)) :] for line in lines]


def _quoted(line: bytes, chance: random.Random) -> bytes:
    """Change the quotes or the style of the value of a line."""
    head, colon, value = line.partition(b": ")
    if not colon:
        head, colon, value = b" " * _indent(line), b"", line.lstrip(b" ")
    bare = value.strip(b"'\" ")
    match chance.randrange(6):
        case 0:
            value = b"'" + bare.replace(b"'", b"''") + b"'"
        case 1:
            value = b'"' + bare.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
        case 2:
            value = bare
        case 3:
            value = b"[" + bare + b"]"
        case 4:
            value = chance.choice((b">-", b"|", b">+", b"|2-")) + b"\n" + b" " * (_indent(line) + 2) + bare
        case _:
            value += chance.choice(
                (b" ", b"  # note", b"\t", b" #tight", b":", b",", b"\r", "\u00a0".encode(), b".0", b"0")
            )
    return head + colon + value


def _bytes(data: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """Change arbitrary bytes."""
    text = bytearray(data)
    at = chance.randrange(len(text) + 1)
    end = min(len(text), at + chance.choice((1, 2, 8, 40, 300)))
    match chance.randrange(7):
        case 0:
            text[at:end] = b""
        case 1:
            text[at:at] = chance.choice(_TOKENS)
        case 2:
            text[at:end] = chance.choice(_TOKENS)
        case 3:
            text[at:at] = text[at:end] * chance.choice((1, 2, 30))
        case 4:
            other = chance.choice(others)
            start = chance.randrange(len(other) + 1)
            text[at:end] = other[start : start + chance.choice((4, 40, 400))]
        case 5 if at < len(text):
            text[at] = chance.randrange(256)
        case _:
            lines = text.split(b"\n")
            one, two = chance.randrange(len(lines)), chance.randrange(len(lines))
            lines[one], lines[two] = lines[two], lines[one]
            text = bytearray(b"\n".join(lines))
    return bytes(text)
