from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from patternlint.edits.apply import apply_edits
from patternlint.layout import check_fold_width, check_indentation
from patternlint.parser.parser import parse
from patternlint.source import Source
from patternlint.spec.loader import load_specs

SPECS = load_specs()


def reindented(yaml: str) -> str:
    pattern = parse(
        Source("a.md", f"---\n{yaml}---\n".encode()), SPECS, spec=SPECS.by_version["7.1"], named=True
    ).pattern
    assert pattern is not None
    issue, _ = check_indentation(pattern)
    return apply_edits(pattern.source.text, issue.edits if issue is not None else ())[4:-4]


@pytest.mark.parametrize(
    ("yaml", "expected"),
    [
        ("a:\n- ü\n- b: c\n  d:\n  - e\n", "a:\n  - ü\n  - b: c\n    d:\n      - e\n"),
        ("a:\n  -   ü\n", "a:\n  - ü\n"),
        (
            "a:\n- ü\n# like the item below\n- b\n  # deeper\n",
            "a:\n  - ü\n  # like the item below\n  - b\n    # deeper\n",
        ),
        ("a:\n    b: |\n       ü\n     \n       c\nd: e\n", "a:\n  b: |\n    ü\n  \n    c\nd: e\n"),
        ("a:\n    b: |2\n        ü\n", "a:\n  b: |2\n      ü\n"),
        ("a:\n    b: c\n      ü\n", "a:\n  b: c\n    ü\n"),
        ("a:\n    b: c\n    b: ü\n", "a:\n  b: c\n  b: ü\n"),
    ],
    ids=[
        "nested lists",
        "a wide gap",
        "comments",
        "a block scalar",
        "an indicator",
        "continued text",
        "a duplicate key",
    ],
)
def test_lines_move_with_their_key(yaml: str, expected: str) -> None:
    assert reindented(yaml) == expected
    assert reindented(expected) == expected


@pytest.mark.parametrize(("prefix", "count"), [("", 1), ("&a ", 0), ("!!str ", 0)])
def test_folded_text_with_an_anchor_or_a_tag_is_ignored(prefix: str, count: int) -> None:
    text = f"---\nsummary: {prefix}>-\n  {'wörter ' * 30}\n---\n"
    pattern = parse(Source("a.md", text.encode()), SPECS, spec=SPECS.by_version["7.1"], named=True).pattern
    assert pattern is not None
    assert len(check_fold_width(pattern, 100)) == count


_DATA = st.recursive(
    st.text("ü b", max_size=90) | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from("efgh"), _DATA, min_size=1, max_size=4), st.sampled_from((2, 4)))
def test_a_comment_at_the_end_changes_nothing_above(data: dict[str, Any], indent: int) -> None:
    """With a comment, each line is moved by itself."""
    written = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, indent=indent)
    assert reindented(f"{written}# end\n") == f"{reindented(written)}# end\n"
