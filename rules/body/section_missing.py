from __future__ import annotations

import re
from collections.abc import Iterator

from patternlint.rule import (
    BodyLine,
    Diagnostic,
    Example,
    Heading,
    Pattern,
    Rule,
    Severity,
    Span,
    body_text,
    did_you_mean,
    label,
)

_LONGEST = 120  # characters of a line that may be meant as a heading
_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_WORDS = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*")
_LEADING_SIGNS = re.compile(r"^\W+")
_OTHER_FORM = "heading in another form"
_IN_HTML = "inside an HTML block, which continues to the next blank line"
_INDENTED = "indented like code"
_ALSO = {_IN_HTML: ", with a blank line above", _INDENTED: ", without spaces or tabs before it"}
_MARKUP = (
    (re.compile(r"#{1,6}(?P<words>[^#\s].*)"), "missing space after `#`"),
    (re.compile(r"#{1,6}[ \t]+(?P<words>.*)"), _OTHER_FORM),
    (re.compile(r"#{1,6}\s+(?P<words>.*)"), "another character instead of a space after `#`"),
    (re.compile(r"#{7,}\s*(?P<words>.*)"), "more than six `#`"),
    (re.compile(r"[＃﹟]+\s*(?P<words>.*)"), "another character instead of `#`"),
    (re.compile(r"\\#+\s*(?P<words>.*)"), "backslash before `#`"),
    (re.compile(r"[-+>]\s+(?P<words>.*)"), "not a heading"),
    (re.compile(r"<h\d[^>]*>(?P<words>.*?)(?:</h\d>)?", re.IGNORECASE), "HTML heading"),
    (re.compile(r"<!--(?P<words>.*?)(?:-->)?"), "inside a comment"),
    (
        re.compile(r"(?:<(?:b|strong)>|\*\*|__)(?P<words>.*?)(?:</(?:b|strong)>|\*\*|__):?", re.IGNORECASE),
        "bold, not a heading",
    ),
    (re.compile(r"[*_](?P<words>.*)[*_]"), "emphasized, not a heading"),
)

_BODY = """\
---
title: Kräutergarten
---

### Section 1: Context
Draußen.
### Section 2: Problem
Zu wenig Platz.
### Section 3: Solution
Kisten.
### Section 4: Implementation
Sägen, füllen, gießen.
### Section 5: Consequences
Schnecken.
### Section 6: Known Uses
Der Hof.
{seven}
Maschinen gießen.
### Section 8: Vitality
{end}"""


class SectionMissing(Rule):
    """The body has every section of the specification."""

    name = "section-missing"
    severity = Severity.ERROR
    why = "Readers, and the pages generated from the patterns, expect every section in its place."
    notes = (
        "A section is identified by its heading, `Section 3: Solution` or `3. Solution`, at any level, optionally "
        "with more words after the title. In a file that uses the first form, the title decides, and the second "
        "form is an ordinary sub-heading. A finding points at the line that was probably meant as the heading: "
        "`###Section 2`, bold text, an HTML heading, a heading in a comment or after four spaces, or one without a "
        "number. Without such a line, it points at the end of the file. Sections inside an unclosed comment or "
        "code block are one finding, at the line that opens it."
    )
    bad = (
        Example(
            _BODY.format(seven="«### Section 7: Future Era»", end="Es blüht.\n"),
            note="the number alone does not identify a section",
        ),
        Example(
            _BODY.format(seven="«### 7. Cognitive Era»", end="Es blüht.\n\n"),
            note="in a file with `Section N`, this is an ordinary sub-heading",
        ),
        Example(_BODY.format(seven="«###Section 7: Cognitive Era»", end="Es blüht.\n"), note="missing space"),
        Example(_BODY.format(seven="«**Section 7: Cognitive Era**»", end="Es blüht.\n"), note="bold text"),
        Example(_BODY.format(seven="«<h3>Cognitive Era</h3>»\n", end="Es blüht.\n"), note="HTML"),
        Example(_BODY.format(seven="", end="Es blüht.«»\n"), note="no similar line"),
        Example(
            _BODY.format(seven="«<!-- später»\n\n### Section 7: Cognitive Era", end="Es blüht.\n"),
            note="an unclosed comment",
        ),
        Example(
            _BODY.format(seven="«```»\n\n### Section 7: Cognitive Era", end="Es blüht.\n"),
            note="an unclosed code block",
        ),
        Example("---\ntitle: Leer, aber schön\n---«»«»«»«»«»«»«»«»", note="no body: eight findings"),
    )
    good = (
        Example(_BODY.format(seven="## section 7: Cognitive Era Considerations", end="Es blüht.\n")),
        Example(
            _BODY.replace("Section 7", "7")
            .format(seven="", end="")
            .replace("Section 8", "Section 7: Cognitive Era\n### Section 8")
        ),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        sections = pattern.spec.body.sections
        present = {section.number for section in pattern.body.sections}
        if len(present) == len(sections):
            return
        required = (number for number, section in enumerate(sections, 1) if not section.optional)
        missing = [number for number in required if number not in present]
        block = _unclosed_block(pattern)
        if block is not None:
            hidden = [number for number in missing if _has_heading_after(pattern, block.end, number)]
            if hidden:
                yield self._hidden(pattern, block, hidden)
            missing = [number for number in missing if number not in hidden]
        lines = list(pattern.lines(pattern.body.span))
        for number in missing:
            yield self._missing(pattern, lines, number)

    def _hidden(self, pattern: Pattern, block: Span, hidden: list[int]) -> Diagnostic:
        """Return the finding about sections inside an unclosed comment or code block."""
        first, body = hidden[0], pattern.spec.body
        more = f" and {len(hidden) - 1} more are" if len(hidden) > 1 else " is"
        is_comment = pattern.source.text.startswith("<!--", block.start)
        kind, end = ("comment", "`-->`") if is_comment else ("code block", "the closing line")
        return self.at(
            pattern,
            block,
            f"{body.subject_of(first)}{more} inside an unclosed {kind}",
            route=(f"section-{first}",),
            help=f"write {end} at the end of the {kind} that starts in line {pattern.region(block).line:,}",
        )

    def _missing(self, pattern: Pattern, lines: list[BodyLine], number: int) -> Diagnostic:
        heading = pattern.spec.body.heading_of(number)
        near_miss = _find_near_miss(pattern, lines, number)
        if near_miss is not None:
            span, reason = near_miss
            advice = f"write `{heading}` on this line{_ALSO.get(reason, '')}"
        elif (other := body_text.find_numbered_heading(pattern, number)) is not None:
            span, reason = other.span, "same number, different title"
            advice = f"write `{heading}` if this is the section, or add that heading and the section below it"
        elif (other := _find_similar_heading(pattern, number)) is not None:
            span, reason = other.span, "similar title"
            advice = f"write `{heading}` if this is the section, or add that heading and the section below it"
        else:
            text = pattern.source.text
            end = len(text[:-1].removesuffix("\r")) if text.endswith("\n") else len(text)
            span, reason = Span(end, end), ""
            advice = f"add the heading `{heading}`{_place(pattern, number)}, and write the section below it"
        return self.at(
            pattern,
            span,
            f"missing {pattern.spec.body.name_of(number)}",
            route=(f"section-{number}",),
            help=advice,
            labels=(label(pattern, span, reason),) if reason else (),
        )


def _place(pattern: Pattern, number: int) -> str:
    """Return the words for the place of a section: above the next one that the body has, if their order matters."""
    body = pattern.spec.body
    present = {section.number for section in pattern.body.sections}
    following = min((other for other in present if other > number), default=0)
    return f" above {body.name_of(following)}" if body.ordered and following else ""


def _unclosed_block(pattern: Pattern) -> Span | None:
    """Return the line that opens a comment or code block without an end, or None."""
    body, text = pattern.body, pattern.source.text
    last = body.html_spans[-1] if body.html_spans else None
    if last is not None and text.startswith("<!--", last.start) and "-->" not in text[last.start : last.end]:
        start = last.start
    elif body.code_blocks and not body.code_blocks[-1].closed:
        start = body.code_blocks[-1].span.start
    else:
        return None
    return BodyLine(start, text[start:].partition("\n")[0]).span


def _has_heading_after(pattern: Pattern, offset: int, number: int) -> bool:
    title = _title_form(pattern, number)
    heading = re.compile(rf"^ {{0,3}}#{{1,6}}[ \t][^\n]*\b{title}", re.IGNORECASE | re.MULTILINE)
    return heading.search(pattern.source.text[offset:]) is not None


def _title_form(pattern: Pattern, number: int) -> str:
    return f"(?:{'|'.join(map(re.escape, pattern.spec.body.sections[number - 1].titles))})"


def _find_similar_heading(pattern: Pattern, number: int) -> Heading | None:
    """Return the heading without a number that is probably a misspelled title of a section, or None."""
    body = pattern.spec.body
    if body.is_numbered:
        return None
    own = {section.heading.span for section in pattern.body.sections}
    others = {heading.text: heading for heading in pattern.body.headings if heading.span not in own}
    found = did_you_mean.closest_matches(body.sections[number - 1].title, others)
    return others[found[0]] if found else None


def _find_near_miss(pattern: Pattern, lines: list[BodyLine], number: int) -> tuple[Span, str] | None:
    """Return the line that was probably meant as the heading of a section, and why it is not one, or None."""
    sections = pattern.body.sections
    start = max((one.heading.span.end for one in sections if one.number < number), default=pattern.body.span.start)
    end = min((one.heading.span.start for one in sections if one.number > number), default=pattern.body.span.end)
    title = _title_form(pattern, number)
    written = "|".join([*_ROMAN[number : number + 1], *_WORDS[number : number + 1], r"#?\d+"])
    numbered = re.compile(rf"(?:\w+\s*)?(?:{written})\s*[:：.)–—-]*\s*{title}\b", re.IGNORECASE)
    bare = re.compile(rf"{title}\W*", re.IGNORECASE)
    keys = [one.casefold() for one in pattern.spec.body.sections[number - 1].titles]
    for index, line in enumerate(lines):
        words = line.text.strip().strip("#*_`>=- \t").strip()
        folded = words.casefold()
        if len(words) > _LONGEST or not any(key in folded for key in keys):
            continue
        words, reason = _without_markup(line.text)
        words = _LEADING_SIGNS.sub("", words)
        if not reason and index + 1 < len(lines) and _UNDERLINE.fullmatch(lines[index + 1].text):
            reason = "different number or title"
        is_in_place = start <= line.start < end
        if reason:
            is_meant = numbered.match(words) or (is_in_place and bare.fullmatch(words))
        else:
            is_paragraph = _is_blank(lines, index - 1) and _is_blank(lines, index + 1)
            is_meant = numbered.fullmatch(words) or (is_in_place and is_paragraph and bare.fullmatch(words))
        is_fenced = pattern.body.is_in_code_block(line.start) and not _is_indented(line.text)
        is_section = any(one.heading.span.start <= line.start < one.heading.span.end for one in sections)
        if not is_meant or is_fenced or is_section:
            continue
        if body_text.is_in_html_comment(pattern, line.start):
            reason = "inside a comment"
        elif reason == _OTHER_FORM and pattern.body.html_at(line.start) is not None:
            reason = _IN_HTML
        return line.span, reason or "not a heading"
    return None


def _without_markup(line: str) -> tuple[str, str]:
    """Return the words of a line without the markup around them, and why it does not make a section heading."""
    words = line.strip()
    for markup, reason in _MARKUP:
        match = markup.fullmatch(words)
        if match:
            inner = match["words"].strip()
            return (_without_markup(inner)[0] or inner), _INDENTED if _is_indented(line) else reason
    return words, ""


def _is_blank(lines: list[BodyLine], index: int) -> bool:
    return not (0 <= index < len(lines) and lines[index].text.strip())


def _is_indented(line: str) -> bool:
    """Return whether Markdown reads a line as code because of its indentation."""
    return line.startswith(("\t", "    "))
