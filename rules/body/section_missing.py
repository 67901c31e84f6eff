from __future__ import annotations

import re
from collections.abc import Iterator

from patternlint.rule import BodyLine, Diagnostic, Example, Pattern, Rule, Severity, Span, body_text, label

_LONGEST = 120  # characters of a line that may be a heading
_ROMAN = ("", *["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"])
_WORDS = ("", *["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"])
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*")
_SIGNS = re.compile(r"^\W+")
_OTHER_FORM = "another form of heading"
_IN_HTML = "inside an HTML block, which goes on to the next blank line"
_INDENTED = "indented, so that it is code"
_ALSO = {_IN_HTML: ", with a blank line above", _INDENTED: ", without spaces or tabs before it"}
_MARKS = (
    (re.compile(r"#{1,6}(?P<words>[^#\s].*)"), "no space after `#`"),
    (re.compile(r"#{1,6}[ \t]+(?P<words>.*)"), _OTHER_FORM),
    (re.compile(r"#{1,6}\s+(?P<words>.*)"), "another character instead of a space after `#`"),
    (re.compile(r"#{7,}\s*(?P<words>.*)"), "more than six `#`"),
    (re.compile(r"[＃﹟]+\s*(?P<words>.*)"), "another character instead of `#`"),
    (re.compile(r"\\#+\s*(?P<words>.*)"), "a backslash before `#`"),
    (re.compile(r"[-+>]\s+(?P<words>.*)"), "not a heading"),
    (re.compile(r"<h\d[^>]*>(?P<words>.*?)(?:</h\d>)?", re.IGNORECASE), "an HTML heading"),
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
    """The body has all sections of the spec."""

    name = "section-missing"
    severity = Severity.ERROR
    why = "Readers, and the pages that are made of the patterns, look for every section in its place."
    notes = (
        "A section is known by its heading, `Section 3: Solution` or `3. Solution`, at any level and with more words "
        "behind the title. In a file that uses the first form, the title decides and the second form is an ordinary "
        "sub-heading. A finding points at the line that was probably meant to be the heading: `###Section 2`, bold text, "
        "an HTML heading, one in a comment or behind four spaces, one without a number. Where there is no such line, it "
        "points at the end of the file. Sections inside a comment or a code block that is never closed are one finding, "
        "at the line that opens it."
    )
    bad = (
        Example(
            _BODY.format(seven="«### Section 7: Future Era»", end="Es blüht.\n"),
            note="the number alone does not make a section",
        ),
        Example(
            _BODY.format(seven="«### 7. Cognitive Era»", end="Es blüht.\n\n"),
            note="in a file with `Section N`, this is an ordinary sub-heading",
        ),
        Example(_BODY.format(seven="«###Section 7: Cognitive Era»", end="Es blüht.\n"), note="no space"),
        Example(_BODY.format(seven="«**Section 7: Cognitive Era**»", end="Es blüht.\n"), note="bold text"),
        Example(_BODY.format(seven="«<h3>Cognitive Era</h3>»\n", end="Es blüht.\n"), note="HTML"),
        Example(_BODY.format(seven="", end="Es blüht.«»\n"), note="no line that may be meant"),
        Example(
            _BODY.format(seven="«<!-- später»\n\n### Section 7: Cognitive Era", end="Es blüht.\n"),
            note="a comment without an end",
        ),
        Example(_BODY.format(seven="«```»\n\n### Section 7: Cognitive Era", end="Es blüht.\n"), note="a code block"),
        Example("---\ntitle: Leer, aber schön\n---«»«»«»«»«»«»«»«»", note="nothing at all: eight findings"),
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
        wanted = pattern.spec.body.sections
        there = {section.number for section in pattern.body.sections}
        if len(there) == len(wanted):
            return
        lines = list(pattern.lines(pattern.body.span))
        block = _unclosed_block(pattern)
        hidden = _hidden(pattern, block, there) if block is not None else []
        if block is not None and hidden:
            yield self._is_hidden(pattern, block, hidden)
        for number, section in enumerate(wanted, 1):
            if number in there or number in hidden:
                continue
            heading = f"### Section {number}: {section.title}"
            near = _find_near_miss(pattern, lines, number, section.title)
            other = body_text.find_numbered_heading(pattern, number) if near is None else None
            place, reason = near or (other.span if other is not None else _end(pattern.source.text), "")
            if near is not None:
                advice = f"write `{heading}` in this line{_ALSO.get(reason, '')}"
            elif other is not None:
                advice = f"if this section is meant, write `{heading}`; else add that heading, and the section below it"
                reason = "the same number, another title"
            else:
                advice = f"add the heading `{heading}`, and write the section below it"
            yield self.at(
                pattern,
                place,
                f"section {number}, {section.title}, is missing",
                route=(f"section-{number}",),
                help=advice,
                labels=(label(pattern, place, reason),) if reason else (),
            )

    def _is_hidden(self, pattern: Pattern, block: Span, hidden: list[int]) -> Diagnostic:
        """Return the finding about sections inside a block that is never closed."""
        source = pattern.source
        line = source.region(block).line
        first = hidden[0]
        title = pattern.spec.body.sections[first - 1].title
        more = f" and {len(hidden) - 1} more are" if len(hidden) > 1 else " is"
        is_comment = source.text.startswith("<!--", block.start)
        kind = "a comment" if is_comment else "a code block"
        end = "write `-->`" if is_comment else "write the closing line"
        return self.at(
            pattern,
            block,
            f"section {first}, {title},{more} inside {kind} that is never closed",
            route=(f"section-{first}",),
            help=f"{end} at the end of the {kind.removeprefix('a ')} that starts in line {line:,}",
        )


def _unclosed_block(pattern: Pattern) -> Span | None:
    """Return the line that opens a comment or a code block without an end, or None."""
    body, text = pattern.body, pattern.source.text
    last = body.html_spans[-1] if body.html_spans else None
    if last is not None and text.startswith("<!--", last.start) and "-->" not in text[last.start : last.end]:
        return _opening_line(text, last.start)
    fence = body.code_blocks[-1] if body.code_blocks else None
    return _opening_line(text, fence.span.start) if fence is not None and not fence.closed else None


def _opening_line(text: str, start: int) -> Span:
    """Return the line at `start` without the blanks around it."""
    line = text[start:].partition("\n")[0]
    return Span(start + len(line) - len(line.lstrip()), start + len(line.rstrip()))


def _hidden(pattern: Pattern, block: Span, there: set[int]) -> list[int]:
    """Return the numbers of the missing sections whose headings stand behind the start of an unclosed block."""
    text = pattern.source.text[block.end :]
    sections = enumerate(pattern.spec.body.sections, 1)
    return [
        number
        for number, section in sections
        if number not in there
        and re.search(rf"^ {{0,3}}#{{1,6}}[ \t][^\n]*\b{re.escape(section.title)}", text, re.IGNORECASE | re.MULTILINE)
    ]


def _find_near_miss(pattern: Pattern, lines: list[BodyLine], number: int, title: str) -> tuple[Span, str] | None:
    """Return the line that was probably meant to be a section's heading, and why it is not, or None."""
    sections = pattern.body.sections
    before = max((one.heading.span.end for one in sections if one.number < number), default=pattern.body.span.start)
    after = min((one.heading.span.start for one in sections if one.number > number), default=pattern.body.span.end)
    numbered = re.compile(
        rf"(?:\w+\s*)?(?:{number}|{_ROMAN[number]}|{_WORDS[number]}|#?\d+)\s*[:：.)–—-]*\s*{title}\b", re.IGNORECASE
    )
    bare = re.compile(rf"{title}\W*", re.IGNORECASE)
    key = title.casefold()
    for at, line in enumerate(lines):
        words = line.text.strip().strip("#*_`>=- \t").strip()
        if key not in words.casefold() or len(words) > _LONGEST:
            continue
        words, reason = _without_marks(line.text)
        words = _SIGNS.sub("", words)
        if lines[at + 1 : at + 2] and _UNDERLINE.fullmatch(lines[at + 1].text) and not reason:
            reason = "the number or the title differs"
        inside = before <= line.start < after
        alone = inside and not reason and _is_blank(lines, at - 1) and _is_blank(lines, at + 1)
        is_meant = (
            numbered.match(words) or (inside and bare.fullmatch(words))
            if reason
            else numbered.fullmatch(words) or (alone and bare.fullmatch(words))
        )
        if not is_meant or (pattern.body.is_in_code_block(line.start) and not _is_indented(line.text)):
            continue
        if body_text.is_in_html_comment(pattern, line.start):
            reason = "inside a comment"
        elif pattern.body.html_at(line.start) is not None and reason == _OTHER_FORM:
            reason = _IN_HTML
        if any(one.heading.span.start <= line.start < one.heading.span.end for one in sections):
            continue
        return line.span, reason or "not a heading"
    return None


def _without_marks(line: str) -> tuple[str, str]:
    """Return the words of a line without the marks around them, and why these make no heading of a section."""
    words = line.strip()
    indented = _is_indented(line)
    for pattern, reason in _MARKS:
        found = pattern.fullmatch(words)
        if found:
            inner = found["words"].strip()
            return (_without_marks(inner)[0] or inner), _INDENTED if indented else reason
    return words, ""


def _is_blank(lines: list[BodyLine], at: int) -> bool:
    return not (0 <= at < len(lines) and lines[at].text.strip())


def _is_indented(line: str) -> bool:
    """Return whether Markdown takes a line for code because of the blanks before it."""
    return line.startswith(("\t", "    "))


def _end(text: str) -> Span:
    """Return the end of the last line; a final newline begins no other."""
    end = len(text)
    if text.endswith("\n"):
        end -= 2 if text.endswith("\r\n") else 1
    return Span(end, end)
