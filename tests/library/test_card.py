"""What people see of a pattern besides its name and links."""

from __future__ import annotations

from patternlint.library.card import Card, build_card
from patternlint.library.sentences import digest
from patternlint.parser.parser import parse
from patternlint.source import Source
from patternlint.spec.loader import load_specs
from tests.support.repository import EXAMPLES

SPECS = load_specs()


def card_of(text: str) -> Card:
    pattern = parse(Source("one.md", text.encode()), SPECS).pattern
    assert pattern is not None
    return build_card(pattern)


def test_a_card_has_what_its_specification_names() -> None:
    count = 0
    for path in sorted(EXAMPLES.rglob("*.md")):
        parsed = parse(Source(str(path), path.read_bytes()), SPECS)
        if parsed.pattern is None:
            continue
        count += 1
        card = build_card(parsed.pattern)
        data = parsed.pattern.data
        assert card.summary == data["summary"]
        assert card.status == data["lifecycle"]["status"]
        assert card.domain == data["ontology"]["domain"]
        assert card.labels == data["context_labels"]
        reasons = data["ontology"]["commons_assessment"]["vitality_reasoning"].replace(data["title"], "…")
        assert card.reasoning == digest(" ".join(reasons.split()))
        assert next(iter(card.scores)) == "stakeholder_architecture"
        assert set(card.scores.items()) < {
            (key, value) for key, value in data["ontology"]["commons_assessment"].items() if not isinstance(value, str)
        }
    assert count > 5


def test_a_value_of_another_type_is_left_out() -> None:
    card = card_of(
        "---\norbital_layer: 2\nslug: one\nsummary: [1, text]\nsector: {a: b}\nlifecycle: nothing\n"
        "ontology:\n  domain: [garden, water]\n  search_hints:\n    vector_keywords: [soil, 3, rain]\n"
        "  commons_assessment: {resilience: high, ownership: true, vitality: 4.5, overall_score: 4}\n---\n"
    )
    assert card == Card("text", "garden", "", "", ("soil", "rain"), {"vitality": 4.5}, 4)


def test_the_older_specification_names_its_own_keys() -> None:
    card = card_of(
        "---\nid: pat_x\nslug: one\nclassification:\n  domain: work\n  status: draft\ngeneralizes_from: []\n---\n"
    )
    assert (card.domain, card.status, card.scores, card.overall) == ("work", "draft", {}, None)
