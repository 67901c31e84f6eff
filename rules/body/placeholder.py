from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from patternlint.rule import Diagnostic, Example, Node, Pattern, Route, Rule, Severity, Span, body_text, label

_HEAD = "---\ntitle: Kräutergarten\n---\n\n### Section 1: Context\n\n"
_INSTRUCTION = re.compile(
    r"(?:Add|Define|Describe|Enter|Explain|Fill|Give|Include|Insert|Outline|Provide|Replace|Say|Specify|Summari[sz]e|Tell"
    r"|Write)\s+\S|(?:List|Name|State)\s+(?!of )(?P<object>\S)"  # not "List of plants", "State Library"
)
_MARKERS = ("TODO", "TBD")
_NOUNS = frozenset(
    "app apps comment comments entries entry group item items list lists marker markers note notes tag tags".split()  # noqa: SIM905
)
_DETERMINERS = frozenset(("a", "an", "any", "each", "every", "no", "that", "the", "this"))
_QUOTED_LENGTH = 40
_TEMPLATE_PROMPTS = 5  # this many prompts have one cause, a template that is not filled in

# The length is limited to keep the search linear.
_BRACKETS = re.compile(r"\[(?<![!\]\\]\[)([^\W\d_][^\]]{0,597})\](?![(\[:])")
_BRACES = re.compile(r"\{(?<![{$\\^`=]\{)([^}]{0,598})\}(?!\})")
_EXPRESSION = re.compile(
    r"\A[A-Z]\w*(?:\.\w|[(\[])|=>|==|\s[<>=]\s|[\u2200-\u22ff]"
)  # code, or a mathematical operator
_WORD = re.compile(r"\w+")
_LINK_DEFINITION = re.compile(r"\[([^\[\]]+)\]:")
_WORD_RANGE = re.compile(r"[ \t]*([*_]*\([ \t]*\d+[ \t]*[–-][ \t]*\d+ words\)[*_]*)[ \t\r]*$", re.MULTILINE)
_RANGE_IN_HEADING = re.compile(r"([*_]*\([ \t]*\d+(?:[ \t]*[–-][ \t]*\d+)? words\)[*_]*)[ \t\r]*$", re.MULTILINE)
_MARKER = re.compile(r"(?<![\w/\-“‘„])(?:TODO|TBD)(?![\w/-])")


class Placeholder(Rule):
    """No placeholder of the template is left."""

    name = "placeholder"
    severity = Severity.ERROR
    why = "It tells the author what to write; a reader only learns that the text is missing."
    notes = (
        "In the body and in the values of the front matter, these are reported:\n\n"
        "- a line such as `*(100–200 words)*`; after the heading of a section it is reported by `section-heading`;\n"
        "- brackets that begin with an instruction, such as `[Describe …]` or `[State the …]`, and everything that "
        "`patternlint new` writes in brackets, but not links, wiki links, notes and text that readers fill in, such as "
        "`[date]`;\n"
        "- braces that begin with a capital letter, such as `{Describe …}` or `{TITLE}`, but not expressions and "
        "sets, such as `{Object.keys(x)}` and `{A, B}`, and nothing in the body of an `.mdx` file, where braces are "
        "code;\n"
        "- `TODO` and `TBD` in capitals as separate words, unless the text is about them (“a TODO comment”).\n\n"
        "Where a specification has no sections, or sections with any number, all word ranges at the ends of headings are "
        "one finding. Code is ignored. Five or more prompts of `patternlint new` are one finding, because the template is not "
        "filled in yet."
    )
    bad = (
        Example(_HEAD + "«*(100–200 words)*»\n\nDraußen.\n"),
        Example(
            _HEAD
            + "«[Describe where people\nmeet this problem.]» «[One force]» vs. «{State the other, in *one* word}».\n"
        ),
        Example(_HEAD + "> **Lineage:** from «[Hub ID/Name]».\n\n«TODO»: Bäume.\n\n- Höfe («TBD»)\n"),
        Example("---\nclassification: {}\n---\n\n### 1. Überblick «*(9-99 words)*»\n\n## Äste (9 words)\n", spec="1.3"),
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
        Example(_HEAD + "[[List view]], [[Name the garden]] or [[Describe it|so]]\n", note="wiki links"),
        Example(
            _HEAD
            + "{Object.keys(Gärten).map(g => g)} <Beet pflanzen={Salbei und Minze} /> {A, B, …} {N : N ∈ M} {D + 1}\n",
            note="expressions and sets",
        ),
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
        yield from self._check_headings(pattern)
        spans = [*_brackets(pattern), *_braces(pattern), *_word_ranges(pattern), *_markers(pattern)]
        if not spans:
            return
        source, body = pattern.source, pattern.body
        backticks = body_text.BacktickCounter(source.text)
        suppressions = {span for span in body.html_spans if "patternlint:" in source.slice(span)}
        prompts: list[tuple[Span, Route]] = []
        for span in sorted(spans):
            if span.start < body.span.start:
                route = _front_matter_route(pattern, span)
            elif (
                body.is_in_code_block(span.start)
                or backticks.before(span.start) % 2
                or body.html_at(span.start) in suppressions
            ):
                route = None
            else:
                route = body_text.route_at(pattern, span.start)
            if route is not None and _is_prompt(pattern, span):
                prompts.append((span, route))
            elif route is not None:
                yield self._finding(pattern, span, route)
        if len(prompts) < _TEMPLATE_PROMPTS:
            yield from (self._finding(pattern, span, route) for span, route in prompts)
            return
        (first, _), *others = prompts
        yield self.at(
            pattern,
            first,
            f"{len(prompts)} prompts of the template are not filled in",
            help="replace each prompt with your text",
            labels=tuple(label(pattern, span, "another prompt") for span, _ in others),
        )

    def _check_headings(self, pattern: Pattern) -> Iterator[Diagnostic]:
        """Yield one finding for all headings that end in a word range, where no rule about sections reports them."""
        text, body = pattern.source.text, pattern.body
        spec = pattern.spec.body
        if (spec.sections and not spec.any_number) or " words)" not in text:
            return
        matches = (_RANGE_IN_HEADING.search(text, one.span.start, one.span.end) for one in body.headings)
        spans = [Span(*match.span(1)) for match in matches if match is not None]
        if spans:
            words = pattern.source.slice(spans[0])
            yield self.at(
                pattern,
                spans[0],
                f"headings end in word ranges of the template, such as `{words}`",
                route=body_text.route_at(pattern, spans[0].start),
                subject=words,
                help="delete the word ranges",
                labels=tuple(label(pattern, span, "another word range") for span in spans[1:]),
            )

    def _finding(self, pattern: Pattern, span: Span, route: Route) -> Diagnostic:
        words = " ".join(pattern.source.slice(span).split())
        quoted = words if len(words) <= _QUOTED_LENGTH else f"{words[: _QUOTED_LENGTH - 1]}…"
        if words in _MARKERS:
            message, advice = f"unresolved `{words}`", f"write the missing text, or delete `{words}`"
        else:
            message, advice = f"unreplaced template text `{quoted}`", "replace it with your text"
        return self.at(pattern, span, message, route=route, subject=words, help=advice)


def _is_prompt(pattern: Pattern, span: Span) -> bool:
    """Return whether `span` is a prompt in brackets that `patternlint new` writes."""
    text = pattern.source.slice(span)
    inner = " ".join(text[1:-1].split())
    return text[0] == "[" and inner in pattern.spec.prompts


def _front_matter_route(pattern: Pattern, span: Span) -> Route | None:
    """Return the route of the value around `span`; None between values, in comments and for ordinary braces.

    Braces of YAML are ordinary if they contain a key, those in a text if they do not begin with a capital letter.
    """
    text = pattern.source.slice(span)
    route: Route = ()
    node = pattern.front.root
    while node.children is not None:
        if node.style == "{" and node.start == span.start:
            return None if {":", '"', "'"}.intersection(text) else route
        children = node.children
        steps: Sequence[str | int] = list(children) if isinstance(children, dict) else range(len(children))
        nodes = list(children.values()) if isinstance(children, dict) else children
        index = bisect_right(nodes, span.start, key=_start) - 1
        if index < 0 or nodes[index].end <= span.start:
            return None
        route, node = (*route, steps[index]), nodes[index]
    return None if text[0] == "{" and not text[1].isupper() else route


def _start(node: Node) -> int:
    return node.start


def _brackets(pattern: Pattern) -> Iterator[Span]:
    """Yield brackets that contain an instruction or a prompt of the specification and are not a link."""
    text = pattern.source.text
    candidates = (_BRACKETS.match(text, offset) for offset in _offsets(text, "["))
    matches = [
        match
        for match in candidates
        if match and _is_instruction(match[1], pattern) and not _is_wiki_link(text, match.start(), match.end())
    ]
    link_names = set(_LINK_DEFINITION.findall(text)) if matches else set()
    yield from (Span(match.start(), match.end(1) + 1) for match in matches if match[1] not in link_names)


def _is_wiki_link(text: str, start: int, end: int) -> bool:
    return text[start - 1] == "[" and text.startswith("]", end)


def _is_instruction(text: str, pattern: Pattern) -> bool:
    match = _INSTRUCTION.match(text)
    if match and not (match["object"] or "").isupper():
        return "\n\n" not in text
    return text in pattern.spec.body.placeholders or " ".join(text.split()) in pattern.spec.prompts


def _braces(pattern: Pattern) -> Iterator[Span]:
    """Yield braces that contain words and begin with a capital letter; in the front matter, any that are not empty."""
    text = pattern.source.text
    is_mdx = pattern.path.endswith(".mdx")
    for match in filter(None, (_BRACES.match(text, offset) for offset in _offsets(text, "{"))):
        inner = match[1].strip()
        if match.start() >= pattern.body.span.start:
            if is_mdx or _is_expression(inner):
                continue
            is_name = " " in inner or (match[1].isupper() and len(match[1]) > 1)
            is_inside_word = text[match.start() - 1].isalnum()
            if not is_name or is_inside_word or not match[1][:1].isupper() or "\n\n" in match[1]:
                continue
        if inner:
            yield Span(match.start(), match.end(1) + 1)


def _is_expression(inner: str) -> bool:
    """Return whether the text of braces is code or mathematical notation: an expression, or a set of single words."""
    if _EXPRESSION.search(inner) or all(len(word) == 1 or word.isdecimal() for word in _WORD.findall(inner)):
        return True
    items = inner.split(",")
    return len(items) > 1 and not any(" " in item.strip() for item in items)


def _word_ranges(pattern: Pattern) -> Iterator[Span]:
    """Yield lines such as `*(100–200 words)*`."""
    text = pattern.source.text
    for offset in _offsets(text, ")", pattern.body.span.start):
        if text.endswith(" words)", 0, offset + 1):
            match = _WORD_RANGE.match(text, text.rfind("\n", 0, offset) + 1)
            if match:
                yield Span(*match.span(1))


def _markers(pattern: Pattern) -> Iterator[Span]:
    """Yield each `TODO` and `TBD` that is a separate word, unless the text is about it."""
    text = pattern.source.text
    candidates = (_MARKER.match(text, offset - 2) for offset in _offsets(text, "D") if text[offset - 2] == "T")
    for match in filter(None, candidates):
        start, end = match.span()
        before, after = text[start - 1], text[end : end + 1]
        following = text[end : end + 10].split(maxsplit=1) if after == " " else []
        preceding = text[max(0, start - 8) : start].split() if before == " " else []
        is_quoted = before == after and before in "\"'" and start >= pattern.body.span.start
        if not (
            is_quoted
            or (following and following[0].strip(".,;:!?)”\"'").casefold() in _NOUNS)
            or (preceding and preceding[-1].casefold() in _DETERMINERS)
        ):
            yield Span(start, end)


def _offsets(text: str, character: str, start: int = 0) -> Iterator[int]:
    """Yield where `character` stands: to find one character is several times faster than any other search."""
    offset = text.find(character, start)
    while offset >= 0:
        yield offset
        offset = text.find(character, offset + 1)
