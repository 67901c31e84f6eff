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
_QUOTED = re.compile(
    r"\((?P<before>[^()\n\d]{0,40})(?P<score>[0-5](?:\.\d\d?)?)(?P<scale> ?/ ?5(?:\.0)?| out of 5)?"
    r"(?P<after>[^()\n\d]{0,40})\)"
)
_CONTEXT_LENGTH = 160  # characters before the number that may name the score
_LONGEST_GAP = 45  # characters between the name and the number
_CLAUSE_ENDS = (". ", "; ", ": ", "? ", "! ", ")", "(", "|", "—")
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
_OTHER_CONCEPTS = ("fractal ",)  # before a name, they make it another one


class QuotedScore(Rule):
    """A score quoted in the text matches the front matter."""

    name = "quoted-score"
    severity = Severity.WARNING
    why = "When a score is revised, the sentence that explains the old one remains and is now wrong."
    notes = (
        "Only clear cases are reported: the text names one score, and directly after or beside it one number "
        "stands in parentheses, with a decimal or as “3/5”. Ranges, thresholds, lists of scores and numbers far "
        "from the name are ignored, and so is a number that is the rounded score."
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
        names = _score_names((*scores.dimensions, scores.vitality, scores.overall))
        text = pattern.source.text
        for match in _QUOTED.finditer(text, pattern.body.span.start):
            quoted = match["score"]
            if "." not in quoted and not match["scale"]:
                continue
            name = _named_score(names, text, match)
            node = assessment.get(name) if name else None
            if node is None or _is_rounded(node, quoted) or pattern.body.is_in_code_block(match.start()):
                continue
            yield self.at(
                pattern,
                Span(*match.span("score")),
                f"score {quoted} of `{name}` in the text does not match {node.value} in the front matter",
                route=body_text.route_at(pattern, match.start()),
                subject=name,
                help=f"write {node.value} here and check the sentence, or correct the score in the front matter",
                labels=(label(pattern, node.label_span, "score in the front matter"),),
            )


@cache
def _score_names(names: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern that matches the names of scores in lower case, written with `_`, `-` or a space."""
    written = "|".join(re.escape(name.casefold()).replace("_", "[ _-]") for name in names)
    return re.compile(rf"\b(?:{written})\b")


def _named_score(names: re.Pattern[str], text: str, match: re.Match[str]) -> str:
    """Return the key of the one score that a number in parentheses belongs to, or an empty string."""
    within = f"{match['before']} {match['after']}".casefold()
    named = names.findall(within)
    if len(named) > 1 or not _FILLERS.issuperset(_WORD.findall(names.sub(" ", within))):
        return ""
    if named:
        return _key(named[0])
    line = max(text.rfind("\n", 0, match.start()) + 1, match.start() - _CONTEXT_LENGTH)
    before = text[line : match.start()].casefold()
    clause = before[max(before.rfind(end) + len(end) if end in before else 0 for end in _CLAUSE_ENDS) :]
    places = list(names.finditer(clause))
    if len(places) != 1 or clause.endswith(_OTHER_CONCEPTS, 0, places[0].start()):
        return ""
    gap = clause[places[0].end() :]
    is_near = len(gap) <= _LONGEST_GAP and "," not in gap and _BREAKS.isdisjoint(_WORD.findall(gap))
    return _key(places[0][0]) if is_near else ""


def _key(name: str) -> str:
    return name.replace(" ", "_").replace("-", "_")


def _is_rounded(node: Node, quoted: str) -> bool:
    """Return whether a quoted number is the score, exact or rounded; True if the score is not a number."""
    if node.number is None or node.number == float(quoted):
        return True
    score, number = Decimal(str(node.number)), Decimal(quoted)
    half = Decimal(5).scaleb(int(number.as_tuple().exponent) - 1)
    return score.is_nan() or abs(score - number) <= half
