from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from patternlint.rule import BodyLine, Diagnostic, Example, Node, Pattern, Route, Rule, Severity, Span, body_text, label

_HEAD = "---\ntitle: Kräutergarten\n---\n\n### Section 1: Context\n\n"
_ORDERS = frozenset(
    """
    Add Define Describe Enter Explain Fill Give Include Insert Outline Provide Replace Say Specify
    Summarise Summarize Tell Write
    """.split()  # noqa: SIM905 - words read better as text
)
_DOUBTFUL = frozenset(("List", "Name", "State"))
_TEMPLATE = frozenset(("Hub ID/Name", "Primary Tension from frontmatter", "Sector", "core instruction of the solution"))
_OPENING = "Say the core of the pattern in one sentence."  # the prompt of the opening line, which is part of no spec
_MARKERS = ("TODO", "TBD")
_NOUNS = frozenset(
    """
    app apps comment comments entries entry group item items list lists marker markers note notes tag tags
    """.split()  # noqa: SIM905 - words read better as text
)
_DETERMINERS = frozenset(("a", "an", "any", "each", "every", "no", "that", "the", "this"))
_WORDS = " words)"
_LONGEST = 600
_SHORT = 46
_SHOWN = 40
_UNFILLED = 5  # so many prompts are a template that nobody has filled in yet: one cause, one finding


class Placeholder(Rule):
    """No text of the template is left over."""

    name = "placeholder"
    severity = Severity.ERROR
    why = "It tells the writer what to write; a reader sees that nobody did."
    notes = (
        "Found are, in the text and in values of the front matter:\n\n"
        "- a line such as `*(100–200 words)*`; behind a heading it is the matter of `section-heading`;\n"
        "- brackets that begin with an order, such as `[Describe …]` or `[State the …]`, and all that `patternlint new` "
        "writes in brackets; links, notes and what a person is meant to fill in, such as `[date]`, are none;\n"
        "- braces that begin with a capital, such as `{Describe …}` or `{TITLE}`;\n"
        "- `TODO` and `TBD`, in capitals and as words of their own, unless the text speaks of them (“a TODO comment”).\n\n"
        "Code is left alone. Five or more prompts of `patternlint new` are one finding: the template is not filled in yet."
    )
    bad = (
        Example(_HEAD + "«*(100–200 words)*»\n\nDraußen.\n"),
        Example(
            _HEAD
            + "«[Describe where people\nmeet this problem.]» «[One force]» vs. «{State the other, in *one* word}».\n"
        ),
        Example(_HEAD + "> **Lineage:** from «[Hub ID/Name]».\n\n«TODO»: Bäume.\n\n- Höfe («TBD»)\n"),
        Example(
            'title: "«{TITLE}»"\nslug: «{SLUG}»\nsummary: >-\n  «[Say in one or two sentences what this pattern is and '
            'what it makes\n  possible]».\ncontext_labels:\n  tech: «TBD»\n  corporate: "Für «{Corporate-friendly name}»"\n'
            '  activist: "«{Let it be the group\'s own name: short}»"\n'
        ),
    )
    good = (
        Example(
            _HEAD + "[State of the art](https://example.org), [Add it][1], ![Name it](x.png), [^1], [!NOTE], [ ].\n"
        ),
        Example(
            _HEAD + "Ask: “On [date], I [did what]; [Name] saw it.” [Corporate] [Name of the club] [State Library]\n"
        ),
        Example(_HEAD + "See [Describe it].\n\n[Describe it]: https://example.org\n"),
        Example(
            _HEAD
            + "```mermaid\nA --> B{Describe it}\n```\n\n`[Describe it]`, `TODO`, a TODO comment, TODO lists, “TBD”.\n"
        ),
        Example(
            _HEAD + 'Write a brief (100–200 words) for it. {{ Page title }} {: .note} todo, Tbd, TODOs, TODO_x, "TBD"\n'
        ),
        Example(
            "aliases: [State of Flow, Add it]  # [Describe it], TODO, {x}\ntitle: von {innen}\nenables:\n  - {slug: x, weight: 0.5}\n"
        ),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        body = _Text(pattern)
        prompts: list[tuple[Span, Route]] = []
        for find in (_brackets, _braces, _ranges, _markers):
            for span in find(pattern):
                in_body = span.start >= pattern.body.span.start
                route = body.route_at(span.start) if in_body else _in_front(pattern, span)
                if route is not None and find is _brackets and _is_prompt(pattern, span):
                    prompts.append((span, route))
                elif route is not None:
                    yield self._finding(pattern, span, route)
        if len(prompts) < _UNFILLED:
            yield from (self._finding(pattern, span, route) for span, route in prompts)
        else:
            (first, _), *others = prompts
            yield self.at(
                pattern,
                first,
                f"{len(prompts)} prompts of the template are left",
                help="write what each of them asks for in its place",
                labels=tuple(label(pattern, span, "another prompt") for span, _ in others),
            )

    def _finding(self, pattern: Pattern, span: Span, route: Route) -> Diagnostic:
        words = " ".join(pattern.source.slice(span).split())
        shown = words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1]}…"
        if words in _MARKERS:
            message, advice = f"a `{words}` is left", "write what is missing, or delete it"
        else:
            message, advice = f"`{shown}` is left over from the template", "write what it asks for in its place"
        return self.at(pattern, span, message, route=route, subject=words, help=advice)


def _is_prompt(pattern: Pattern, span: Span) -> bool:
    """Return whether brackets hold a prompt that `patternlint new` writes."""
    inner = " ".join(pattern.source.slice(span)[1:-1].split())
    return inner == _OPENING or inner in pattern.spec.prompts


class _Text:
    """The text of a body, where places are looked up one after the other."""

    def __init__(self, pattern: Pattern) -> None:
        self._pattern = pattern
        self._backticks = body_text.BacktickCounter(pattern.source.text)
        self._suppressions: dict[Span, bool] = {}

    def route_at(self, offset: int) -> Route | None:
        """Return the route of a place in the body; None in code and in a suppression."""
        body = self._pattern.body
        html = body.html_at(offset)
        if (
            body.is_in_code_block(offset)
            or self._backticks.before(offset) % 2
            or (html is not None and self._is_suppression(html))
        ):
            return None
        return body_text.route_at(self._pattern, offset)

    def _is_suppression(self, html: Span) -> bool:
        if html not in self._suppressions:
            self._suppressions[html] = "patternlint:" in self._pattern.source.slice(html)
        return self._suppressions[html]


def _in_front(pattern: Pattern, span: Span) -> Route | None:
    """Return the route of the value that a place in the front matter is in; None between values and in comments.

    Braces that are YAML's own are left over when they hold no key; those in a text when they begin with a capital.
    """
    text = pattern.source.text
    route: Route = ()
    node = pattern.front.root
    while node.children is not None:
        if node.style == "{" and node.start == span.start:
            return None if {":", '"', "'"}.intersection(text[span.start : span.end]) else route
        steps, below = _below(node)
        at = bisect_right(below, span.start, key=_start) - 1
        if at < 0 or below[at].end <= span.start:
            return None
        route, node = (*route, steps[at]), below[at]
    return None if text[span.start] == "{" and not text[span.start + 1].isupper() else route


def _below(node: Node) -> tuple[Sequence[str | int], Sequence[Node]]:
    """Return the steps to the children of a node, and the children, in the order of the text."""
    if isinstance(node.children, dict):
        return tuple(node.children), tuple(node.children.values())
    return range(len(node.items)), node.items


def _start(node: Node) -> int:
    return node.start


def _brackets(pattern: Pattern) -> Iterator[Span]:
    """Yield every bracket that holds an order, or what the spec's prompts hold, and is no link."""
    text = pattern.source.text
    references: frozenset[str] | None = None
    at = text.find("[")
    while at >= 0:
        if text[at + 1 : at + 2].isalpha() and text[at - 1] not in "!]\\":
            end = text.find("]", at, at + _LONGEST)
            if end >= 0 and text[end + 1 : end + 2] not in ("(", "[", ":"):
                inner = text[at + 1 : end]
                if _is_order(inner, pattern.spec.prompts):
                    references = _references(text) if references is None else references
                    if inner not in references:
                        yield Span(at, end + 1)
        at = text.find("[", at + 1)


def _references(text: str) -> frozenset[str]:
    """Return what stands in brackets before a colon: the names of links that are spelt out elsewhere."""
    found: set[str] = set()
    end = text.find("]:")
    while end >= 0:
        start = text.rfind("[", max(0, end - _LONGEST), end) + 1
        if start:
            found.add(text[start:end])
        end = text.find("]:", end + 1)
    return frozenset(found)


def _is_order(text: str, prompts: frozenset[str]) -> bool:
    first, *rest = text.split(maxsplit=1)
    if first in _ORDERS:
        return bool(rest) and "\n\n" not in text
    if first in _DOUBTFUL and rest and not rest[0][0].isupper() and not rest[0].startswith("of "):
        return "\n\n" not in text
    return text in _TEMPLATE or " ".join(text.split()) in prompts


def _braces(pattern: Pattern) -> Iterator[Span]:
    """Yield every pair of braces with words that begin with a capital; in the front matter, with anything."""
    text = pattern.source.text
    body = pattern.body.span.start
    at = text.find("{")
    while at >= 0:
        end = text.find("}", at, at + _LONGEST)
        if end >= 0 and text[end + 1 : end + 2] != "}" and text[at - 1] not in "{$\\^`":
            inner = text[at + 1 : end]
            if at < body:
                found = bool(inner.strip())
            else:
                found = inner[:1].isupper() and not text[at - 1].isalnum() and "\n\n" not in inner
                found = found and (" " in inner.strip() or (inner.isupper() and len(inner) > 1))
            if found:
                yield Span(at, end + 1)
        at = text.find("{", at + 1)


def _markers(pattern: Pattern) -> Iterator[Span]:
    """Yield every `TODO` and `TBD` that is a word by itself, unless the text speaks of it.

    To look for the letter that they share and then for the words is faster than to look for each word.
    """
    text = pattern.source.text
    at = text.find("D")
    while at >= 0:
        if text[at - 2] == "T":
            word = next((word for word in _MARKERS if text.startswith(word, at - 2)), None)
            if word is not None and _is_left(pattern, at - 2, at - 2 + len(word)):
                yield Span(at - 2, at - 2 + len(word))
        at = text.find("D", at + 1)


def _is_left(pattern: Pattern, start: int, end: int) -> bool:
    text = pattern.source.text
    before, after = text[start - 1], text[end : end + 1]
    if before.isalnum() or after.isalnum() or before in "_/-“‘„" or (after and after in "_-/"):
        return False
    if before == after and before in "\"'" and start >= pattern.body.span.start:
        return False
    following = text[end : end + 10].split(maxsplit=1)
    if following and after == " " and following[0].strip(".,;:!?)”\"'").casefold() in _NOUNS:
        return False
    preceding = text[max(0, start - 8) : start].split()
    return not (preceding and before == " " and preceding[-1].casefold() in _DETERMINERS)


def _ranges(pattern: Pattern) -> Iterator[Span]:
    """Yield every line `*(100–200 words)*` with nothing else in it.

    To look for the bracket and then for the words is faster than to look for these.
    """
    text = pattern.source.text
    at = text.find(")", pattern.body.span.start)
    while at >= 0:
        if text[at - 1] == "s" and text.endswith(_WORDS, 0, at + 1):
            span = _range(text, at)
            if span is not None:
                yield span
        at = text.find(")", at + 1)


def _range(text: str, at: int) -> Span | None:
    """Return what stands in the line around `at`, if that is a range of words."""
    start = text.rfind("\n", max(0, at - _SHORT), at) + 1
    if not start:
        return None
    end = text.find("\n", at)
    span = BodyLine(start, text[start : end if end >= 0 else len(text)]).span
    low, dash, high = text[span.start : span.end].strip("*_").replace("-", "–").partition("–")
    numbers = low[1:].strip() + high.removesuffix(_WORDS).strip()
    return span if dash and low[:1] == "(" and high.endswith(_WORDS) and numbers.isdecimal() else None
