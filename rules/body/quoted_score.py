from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from patternlint.rule import Diagnostic, Example, Node, Pattern, Rule, Severity, Span, body_text, label

_HEAD = (
    "---\ntitle: Kräutergarten\nontology:\n  commons_assessment:\n    resilience: 4.0\n    fractal_value: 3.5\n"
    "    vitality: 3.75\n---\n\n### Section 5: Consequences\n\n"
)
_QUOTED = re.compile(r"\(([^()\n\d]{0,40})([0-5](?:\.\d\d?)?)( ?/ ?5(?:\.0)?| out of 5)?([^()\n\d]{0,40})\)")
_LONGEST = 100
_REACH = 160
_GAP = 45
_BOUNDS = (". ", "; ", ": ", "? ", "! ", ")", "(", "|", "—")
_WORD = re.compile(r"[^\W\d_]+")
_FILLERS = frozenset(
    """
    a an and as assessed assessment at by commons currently for front here in is it its just matter now
    of on only our pattern rated rating score scored scores scoring still the this value
    """.split()  # noqa: SIM905 - words read better as text
)
_BREAKS = frozenset(
    """
    and as because below but by for from if into less more nor not of or over rather so than that
    through to under unless until via when where whether which while who whose with within without
    """.split()  # noqa: SIM905 - words read better as text
)
_FOREIGN = ("fractal ",)


class QuotedScore(Rule):
    """A score that the text quotes is the one in the front matter."""

    name = "quoted-score"
    severity = Severity.WARNING
    why = "When a score is revised, the sentence that explains the old one stays behind and says something untrue."
    notes = (
        "Found is what can be told for sure: one score is named, and right after it, or beside it, one number stands in "
        "brackets, with a decimal or as “3/5”. Ranges, thresholds, lists of scores and numbers far from the name are "
        "left alone, and so is a number that is the score rounded."
    )
    bad = (
        Example(_HEAD + "Töpfe brechen. Resilience is low («3.0») in winter.\n"),
        Example(_HEAD + "**Fractal value** (scored «4.5») and resilience (4.0) are high.\n"),
        Example(_HEAD + "Es lebt (vitality score: «3»/5), und es wächst.\n"),
    )
    good = (
        Example(_HEAD + "Resilience stays high (4.0), vitality rises (3.8), and fractal_value is fair (3.5 here).\n"),
        Example(_HEAD + "Resilience and vitality are low (3.0); resilience varies (3.0–4.0); vitality (in 2019).\n"),
        Example(_HEAD + "If resilience is lost (vitality dropping below 2.5), stop.\n"),
        Example(_HEAD + "It sustains vitality without growing anything new (3.0). This is fractal resilience (3.0).\n"),
        Example(_HEAD + "Autonomy is low (2.0).\n\n```\nResilience (3.0)\n```\n"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        scores = pattern.spec.scores
        assessment = pattern.get(*scores.route) if scores.route else None
        if assessment is None:
            return
        names = _names((*scores.dimensions, scores.vitality, scores.overall))
        text = pattern.source.text
        for match in _quotes(text, pattern.body.span.start):
            name = _named(names, text, match)
            node = assessment.get(name) if name else None
            if node is None or _agrees(node, match[2]) or pattern.body.is_in_code_block(match.start()):
                continue
            yield self.at(
                pattern,
                Span(match.start(2), match.end(2)),
                f"the text says that `{name}` is {match[2]}, the front matter says {node.value}",
                route=body_text.route_at(pattern, match.start()),
                subject=name,
                help=f"write {node.value} here if the front matter is right, and read the sentence again; else correct it there",
                labels=(label(pattern, node.label_span, "the score"),),
            )


@cache
def _names(names: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds the names of scores in a text in small letters, written with `_`, `-` or a blank."""
    written = "|".join(re.escape(name.casefold()).replace("_", "[ _-]") for name in names)
    return re.compile(rf"\b(?:{written})\b")


def _quotes(text: str, start: int) -> Iterator[re.Match[str]]:
    """Yield every pair of brackets with one number that can be a score."""
    at = text.find("(", start)
    while at >= 0:
        inner = text[at : at + _LONGEST].partition(")")[0]
        if "." in inner or "5" in inner:  # most have neither
            match = _QUOTED.match(text, at)
            if match is not None and ("." in match[2] or match[3]):
                yield match
        at = text.find("(", at + 1)


def _named(names: re.Pattern[str], text: str, match: re.Match[str]) -> str:
    """Return the key of the one score that a number in brackets is said of, or nothing."""
    within = f"{match[1]} {match[4]}".casefold()
    if not within.isspace():
        found = names.findall(within)
        if not _only_fillers(names.sub(" ", within)) or len(found) > 1:
            return ""
        if found:
            return _key(found[0])
    line = max(text.rfind("\n", 0, match.start()) + 1, match.start() - _REACH)
    before = text[line : match.start()].casefold()
    clause = before[max(before.rfind(bound) + len(bound) if bound in before else 0 for bound in _BOUNDS) :]
    places = list(names.finditer(clause))
    if len(places) != 1:
        return ""
    place = places[0]
    gap = clause[place.end() :]
    if len(gap) > _GAP or "," in gap or not _BREAKS.isdisjoint(_WORD.findall(gap)):
        return ""
    return "" if clause.endswith(_FOREIGN, 0, place.start()) else _key(place[0])


def _only_fillers(words: str) -> bool:
    return all(word in _FILLERS for word in _WORD.findall(words))


def _key(name: str) -> str:
    return name.replace(" ", "_").replace("-", "_")


def _agrees(node: Node, quoted: str) -> bool:
    """Return whether a quoted number is the score, maybe rounded; true for what is no number."""
    value = node.value
    if not isinstance(value, int | float) or isinstance(value, bool):
        return True
    if value == float(quoted):
        return True  # nearly always, and a Decimal is slow to make
    score = Decimal(str(value))
    if score.is_nan():
        return True
    number = Decimal(quoted)
    exponent = number.as_tuple().exponent
    half = Decimal(5).scaleb(int(exponent) - 1)
    return abs(score - number) <= half
