"""Edits from entries are the edits from the parsed file, and harmless."""

from __future__ import annotations

from pathlib import Path

from hypothesis import assume, event, given
from hypothesis import strategies as st

from patternlint.edits.apply import apply_edits
from patternlint.fixer.plain_rename import body_of, is_plain, plain_edits
from patternlint.fixer.references import RenameError
from patternlint.fixer.rename import Renaming, front_matter_edits, routes_of
from patternlint.fixer.verify import rejection_reason
from patternlint.library.entry import build_entry
from patternlint.parser.parser import parse
from patternlint.source import Source
from patternlint.spec.loader import load_specs

_OLD = "tool-shed"
_NEWS = ("tool-barn", "x", "a-very-long-name-for-a-small-barn")
_USUAL = (
    "- tool-shed",
    '- "tool-shed"',
    "- slug: tool-shed",
    '- slug: "tool-shed"\n      weight: 0.5',
    "- slug: tool-shed-2",
    "- {slug: tool-shed, weight: 1}",
    "- other",
)
_RARE = (
    "- 'tool-shed'  # tool-shed",
    "- id: tool-shed\n      slug: other",
    "- &a tool-shed",
    "- *a",
    '- "tool\\x2dshed"',
    "- >-\n      tool-shed",
)
_LISTS = ("[tool-shed, other]", '["tool-shed", x]', "[{slug: tool-shed}]", "tool-shed", "[]")
_KEYS = ("summary: a tool-shed", "aliases: [tool-shed]", "page_url: https://example.org/tool-shed/", "# the tool-shed")
_ENDINGS = ("\n", "\r\n")

_SPECS = load_specs()


@given(
    st.lists(st.sampled_from(_USUAL), min_size=1, max_size=4).flatmap(
        lambda usual: st.one_of(st.just(usual), st.sampled_from(_RARE).map(lambda rare: [*usual, rare]))
    ),
    st.sampled_from(_LISTS),
    st.one_of(st.just(""), st.sampled_from(_KEYS)),
    st.sampled_from(("", "\n", "See [[tool-shed]].\n", "---\n")),
    st.sampled_from(_ENDINGS),
    st.sampled_from(_NEWS),
)
def test_edits_from_the_entry_are_those_of_the_parsed_file(  # noqa: PLR0913, PLR0917 - parts of a file
    items: list[str], other: str, key: str, body: str, ending: str, new: str
) -> None:
    lines = "\n".join(f"    {item}" for item in items)
    text = (
        f"---\nslug: bench\ntitle: Bench\nontology:\n  domain: x\n{key}\nrelationships:\n  requires:\n{lines}\n"
        f"  enables: {other}\n---\n{body}"
    ).replace("\n", ending)
    source = Source("bench.md", text.encode())
    parsed = parse(source, _SPECS, named=True)
    pattern = parsed.pattern
    assume(pattern is not None)
    assert pattern is not None
    entry = build_entry(parsed)
    file = Path("/library/tool-shed.md")
    renaming = Renaming(_OLD, new, file, file, {_OLD: new})
    assert body_of(source) == pattern.body.span
    found = plain_edits(source, entry, renaming) if is_plain(source, entry, pattern.spec, renaming) else None
    event("plain" if found is not None else "parsed")
    if found is None:
        return
    try:
        expected = front_matter_edits(pattern, renaming, file.parent, keep_alias=False)
    except RenameError:
        expected = []
    assert found == sorted(expected, key=lambda edit: edit.span)
    again = parse(Source("bench.md", apply_edits(text, found).encode()), _SPECS, named=True)
    assert rejection_reason(parsed, again, routes_of(pattern, _OLD)) is None
    assert again.pattern is not None
    renamed = [new if link.target == _OLD else link.target for link in pattern.links]
    assert [link.target for link in again.pattern.links] == renamed
