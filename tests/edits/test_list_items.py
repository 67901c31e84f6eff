from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patternlint.diagnostics.fix import Replacement
from patternlint.document.node import Node
from patternlint.edits.apply import apply_edits
from patternlint.edits.list_items import remove_items, reorder_items
from patternlint.parser.yaml.compose import compose
from patternlint.source import Source


def edit_of(text: str, order: tuple[int, ...], key: str = "requires") -> Replacement | None:
    return reorder_items(Source("a.md", text.encode()), list_of(text, key), order)


def list_of(text: str, key: str = "requires") -> Node:
    root = compose(text).root
    assert root is not None
    node = root.get(key)
    assert node is not None
    return node


def after(text: str, *order: int) -> str | None:
    edit = edit_of(text, order)
    return apply_edits(text, [edit]) if edit is not None else None


BLOCK = """\
requires:
  - slug: größe
    weight: 0.5   # not much
  # more
  - {slug: b, weight: 0.9}

  - slug: c
    why: >-
      it is
      said
enables: []
"""


def test_items_move_with_their_comments() -> None:
    assert after(BLOCK, 1, 2, 0) == (
        "requires:\n"
        "  # more\n"
        "  - {slug: b, weight: 0.9}\n"
        "\n"
        "  - slug: c\n"
        "    why: >-\n"
        "      it is\n"
        "      said\n"
        "  - slug: größe\n"
        "    weight: 0.5   # not much\n"
        "enables: []\n"
    )


def test_an_item_is_left_out_unless_a_comment_is_with_it() -> None:
    assert after(BLOCK, 0, 1) == BLOCK.replace("\n  - slug: c\n    why: >-\n      it is\n      said\n", "")
    assert after(BLOCK, 0, 2) is None
    assert after(BLOCK, 1, 2) is None


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_list_without_items_is_an_empty_one(newline: str) -> None:
    text = "requires:\n  - slug: a\n    weight: 0.5\nenables: []\n".replace("\n", newline)
    assert after(text) == "requires: []\nenables: []\n".replace("\n", newline)


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        pytest.param("requires: [a, 'b,', {c: d} ]\n", (2, 0, 1), "requires: [{c: d}, a, 'b,' ]\n", id="flow"),
        pytest.param("requires: [a,\n   b, c,\n]\n", (0, 2), "requires: [a,\n   c,\n]\n", id="flow, lines"),
        pytest.param("requires: [ a ]\n", (), "requires: []\n", id="flow, none left"),
        pytest.param("requires:\n- a\n- b\nx: 1\n", (1, 0), "requires:\n- b\n- a\nx: 1\n", id="not indented"),
        pytest.param("requires: # ours\n- a\n- b\n", (1, 0), "requires: # ours\n- b\n- a\n", id="comment on the key"),
        pytest.param("requires:\n  - a\n  - b\n# end\n", (1, 0), "requires:\n  - b\n  - a\n# end\n", id="banner below"),
        pytest.param("requires:\n  - - a\n  - b\n", (1, 0), "requires:\n  - b\n  - - a\n", id="list in a list"),
    ],
)
def test_other_forms(text: str, order: tuple[int, ...], expected: str) -> None:
    assert after(text, *order) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("requires:\n  # about a, or about all?\n  - a\n  - b\n", id="comment above the first item"),
        pytest.param("requires:\n  - a\n    # about a or about b?\n  - b\n", id="comment that does not line up"),
        pytest.param("requires:\n  - a\n  - b\n  # about b, or about all?\n", id="comment below the last item"),
        pytest.param("requires:\n  - &x a\n  - *x\n", id="alias"),
        pytest.param("requires:\n  - k: &x a\n  - k: b\n", id="anchor"),
        pytest.param("requires:\n  -\n    a: 1\n  - b\n", id="dash on a line of its own"),
        pytest.param("requires:\n- a\n- b\n# of the next key?\n", id="comment below a list that is not indented"),
        pytest.param("requires:\n  - k: |+\n      a\n\n  - b\n", id="blank lines that are text"),
        pytest.param("requires: [a, # first\n b]\n", id="comment in a flow list"),
        pytest.param("requires: [&x a, *x]\n", id="anchor in a flow list"),
        pytest.param("requires: {a: 1, b: 2}\n", id="no list"),
        pytest.param("requires: ab\n", id="no collection"),
    ],
)
def test_in_doubt_there_is_no_edit(text: str) -> None:
    assert edit_of(text, (1, 0)) is None


def test_no_edit_when_only_a_commented_item_would_go() -> None:
    assert after("requires: # ours\n  - a\n") is None
    assert after("requires:\n  # ours\n  - a\n") is None


def test_edits_of_one_list_overlap() -> None:
    for text in (BLOCK.replace("  # more\n", "").replace("   # not much", ""), "requires: [a, b, c]\n"):
        spans = [edit.span for order in ((0, 1), (1, 2), (2, 1, 0), ()) if (edit := edit_of(text, order)) is not None]
        assert len(spans) == 4
        assert all(one.start < other.end and other.start < one.end for one in spans for other in spans)


ITEM = st.sampled_from(
    [
        "slug: a",
        "slug: b\n{}weight: 0.5 # half",
        "slug: größe\n{}# inside\n{}weight: 1",
        "{{slug: c}}",
        "plain # c",
        "'# no comment'",
        "why: |\n{}  # text\n{}  more",
        "",
    ]
)


@settings(deadline=None)
@given(st.lists(ITEM, min_size=1, max_size=4), st.sampled_from(["", "  ", "    "]), st.booleans(), st.data())
def test_nothing_but_the_order_changes(items: list[str], indent: str, blank: bool, data: Any) -> None:  # noqa: FBT001
    inner = indent + "  "
    lines = [f"{indent}- {item.format(inner, inner)}\n" for item in items]
    text = "requires:\n" + ("\n" if blank else "").join(lines) + "enables: []\n"
    order = data.draw(st.sampled_from(list(permutations(range(len(items))))))
    values = list_of(text).value
    result = after(text, *order)
    if result is not None:
        assert list_of(result).value == [values[index] for index in order]
        assert sorted(result.split("\n")) == sorted(text.split("\n"))
        assert list_of(result, "enables").value == []
    else:
        assert "|" in text


def test_unwanted_items_are_taken_out_at_once_and_those_with_a_comment_stay() -> None:
    text = "requires:\n  - a\n  - b # why\n  - c\n  - d\n"
    edits = remove_items(Source("a.md", text.encode()), list_of(text), (0, 1, 3))
    assert sorted(edits) == [0, 3]
    assert edits[0] is edits[3]
    assert apply_edits(text, [edits[0]]) == "requires:\n  - b # why\n  - c\n"


def test_of_a_very_long_list_one_finding_has_the_fix() -> None:
    text = "requires:\n" + "  - a\n" * 1_000
    edits = remove_items(Source("a.md", text.encode()), list_of(text), range(1, 1_000))
    assert list(edits) == [1]
    assert apply_edits(text, edits.values()) == "requires:\n  - a\n"


def test_nothing_is_taken_out_where_nothing_can_be() -> None:
    text = "requires:\n  - a # why\n"
    source = Source("a.md", text.encode())
    assert remove_items(source, list_of(text), (0,)) == {}
    assert remove_items(source, list_of(text), ()) == {}
    assert remove_items(source, None, (0,)) == {}
