"""Where an offset stands in front matter, by indentation alone: correct even while the YAML is invalid, such as during typing.

The scan reads lines, not YAML: it follows the columns of keys and dashes, and reads lists and mappings in brackets by their
delimiters. Anchors, tags and aliases are part of the value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum

from msgspec import Struct

from patternlint.diagnostics.route import Route
from patternlint.source import Span, line_end, line_start, next_line

_KEY = re.compile(r"""(?P<name>"[^"\n]*"|'[^'\n]*'|[^\s\[\]{}"'#,&*!|>%@`][^\n]*?)[ \t]*:(?=[ \t\r\n]|\Z)""")
_FLOW_END = re.compile(r"""[,\[\]{}\n]|:(?=[ \t\r\n,\[\]{}]|\Z)|[ \t]#""")
_DASH = re.compile(r"-(?=[ \t\r\n]|\Z)[ \t]*")
_BREAK = re.compile(r"\r?\n")


class TokenKind(Enum):
    """What a token is: a key, a value, the text of a block scalar, or words that may become a key."""

    KEY = "key"
    VALUE = "value"
    TEXT = "text"
    WORD = "word"


class Token(Struct, frozen=True, gc=False):
    """A key or a scalar as written.

    Attributes:
        kind: what it is.
        route: the route of a value; that of the mapping for a key or a word.
        span: the characters inside the quotes; empty where a value is still to be written.
        zone: the offsets of a cursor that belong to it, both ends included.
        quote: `"` or `'`, or empty.
        is_item: whether it directly follows the dash or the bracket of a list, so that it may become a key of an item.
    """

    kind: TokenKind
    route: Route
    span: Span
    zone: Span
    quote: str = ""
    is_item: bool = False


class Cursor(Struct, frozen=True):
    """Where an offset stands.

    Attributes:
        token: the token at the offset; an empty word in an empty line.
        typed: what is written of it before the offset.
        siblings: the other keys of the mapping, if the token is a key or a word.
        follows_colon: whether a space is missing before the value.
    """

    token: Token
    typed: str
    siblings: frozenset[str] = frozenset()
    follows_colon: bool = False

    @property
    def route(self) -> Route:
        """The route of the token."""
        return self.token.route


def front_matter_span(text: str) -> Span | None:
    """Return the span of the lines after the opening `---`, up to the closing one or the end of a text that lacks it."""
    start = next_line(text, 0)
    if text[: line_end(text, 0)].removeprefix("\ufeff").rstrip() != "---" or start == 0:
        return None
    at = start
    while at < len(text):
        if text[at : line_end(text, at)].rstrip() in ("---", "..."):
            return Span(start, at)
        at = next_line(text, at)
    return Span(start, len(text))


def scan_tokens(text: str, span: Span) -> Sequence[Token]:
    """Return the keys and scalars of the front matter in `span`, in order."""
    return _Scan(text, span).tokens


def cursor_at(text: str, offset: int, span: Span | None = None) -> Cursor | None:
    """Return where `offset` stands in front matter; None outside of it, in a comment, or in the indentation of a line.

    Args:
        text: the text of the file.
        offset: a character offset.
        span: the span of the front matter, if it is known.
    """
    span = span or front_matter_span(text)
    if span is None or not span.start <= offset <= span.end or (offset == span.end and offset < len(text)):
        return None
    scan = _Scan(text, span, offset)
    token = scan.blank or next((one for one in scan.tokens if one.zone.start <= offset <= one.zone.end), None)
    if token is None:
        return None
    siblings: frozenset[str] = frozenset()
    if token.kind in (TokenKind.KEY, TokenKind.WORD):
        others = (one for one in scan.tokens if one.kind is TokenKind.KEY and one.route == token.route)
        siblings = frozenset(text[one.span.start : one.span.end] for one in others if one.span != token.span)
    typed = text[token.span.start : min(max(offset, token.span.start), token.span.end)]
    is_value = token.kind is TokenKind.VALUE
    return Cursor(token, typed, siblings, is_value and not token.span and text[offset - 1 : offset] == ":")


class _Level(Struct):
    """A key or a list on the way to a line: its column, and its step on the route."""

    column: int
    step: str | int


class _Scan:
    """Reads the tokens in `span`; `blank` is the token in an empty line at `offset`, if there is one."""

    def __init__(self, text: str, span: Span, offset: int = -1) -> None:
        self.tokens: list[Token] = []
        self.blank: Token | None = None
        self._text = text
        self._end = span.end
        self._levels: list[_Level] = []
        at = span.start
        while at < span.end or (at == span.end == offset):
            stop = min(line_end(text, at), span.end)
            content = at + len(text[at:stop]) - len(text[at:stop].lstrip(" "))
            if at <= offset <= stop and not text[at:stop].strip():
                route = tuple(level.step for level in self._above(offset - at))
                self.blank = Token(TokenKind.WORD, route, Span(offset, offset), Span(at, stop))
            following = min(next_line(text, at), span.end)
            if content < stop and text[content] not in "#\t\r":
                following = max(following, self._line(at, content))
            if following == at:
                break
            at = following

    def _above(self, column: int) -> list[_Level]:
        """Return the levels that a key in `column` is below."""
        levels = self._levels
        count = len(levels)
        while count and levels[count - 1].column >= column:
            count -= 1
        return levels[:count]

    def _route(self) -> Route:
        return tuple(level.step for level in self._levels)

    def _line(self, start: int, at: int) -> int:
        """Read the line that starts at `start`, whose content starts at `at`; return where the next line to read starts."""
        text, is_item, dash = self._text, False, at
        while (match := _DASH.match(text, at, self._end)) is not None:
            is_item, dash = True, at
            column = at - start
            self._levels = self._above(column + 1)
            top = self._levels[-1] if self._levels else None
            if top is not None and top.column == column and isinstance(top.step, int):
                self._levels[-1] = _Level(column, top.step + 1)
            else:
                self._levels.append(_Level(column, 0))
            at = match.end()
        stop = min(line_end(text, at), self._end)
        match = _KEY.match(text, at, stop)
        if match is not None and " #" not in match["name"]:
            self._levels = self._above(at - start)
            quote = match["name"][:1] if match["name"][:1] in ("'", '"') else ""
            name = Span(match.start() + len(quote), match.end("name") - len(quote))
            self.tokens.append(Token(TokenKind.KEY, self._route(), name, Span(at, match.end() - 1), quote, is_item))
            self._levels.append(_Level(at - start, text[name.start : name.end]))
            return self._value(match.end(), at - start)
        if is_item:
            return self._value(dash + 1, dash - start, is_item=True)
        self._levels = self._above(at - start)
        words = Span(at, at + len(text[at:stop].rstrip()))
        self.tokens.append(Token(TokenKind.WORD, self._route(), words, words))
        return stop

    def _value(self, after: int, column: int, *, is_item: bool = False) -> int:
        """Read the value after a colon or a dash in a line whose key or dash is in `column`; return where it ends."""
        text = self._text
        stop = min(line_end(text, after), self._end)
        at = stop - len(text[after:stop].lstrip(" \t"))
        route = self._route()
        mark = text[at : at + 1] if at < stop else ""
        if mark in ("|", ">") and mark:
            end = self._block_end(stop, column)
            self.tokens.append(Token(TokenKind.TEXT, route, Span(at, end), Span(after, max(stop, end - 1))))
            return end
        if mark in ("[", "{") and mark:
            limit = self._block_end(stop, column)
            return self._flow(at, limit, route)
        if mark in ("'", '"') and mark:
            end = self._quoted_end(at, self._block_end(stop, column), stop)
            closed = text[end - 1] == mark and end - 1 > at
            inner = Span(at + 1, end - 1 if closed else end)
            kind = TokenKind.VALUE if "\n" not in text[inner.start : inner.end] else TokenKind.TEXT
            self.tokens.append(Token(kind, route, inner, Span(after, end), mark, is_item))
            return end
        comment = 0 if mark == "#" else text.find(" #", at, stop) - at
        end = at + len(text[at : at + comment if comment >= 0 else stop].rstrip())
        zone = Span(after, end if comment > 0 else at if comment == 0 else stop)
        self.tokens.append(Token(TokenKind.VALUE, route, Span(at, end), zone, "", is_item))
        return self._continuation_end(stop, column) if at < end else stop

    def _lines_below(self, stop: int) -> Iterator[tuple[int, int]]:
        """Yield the start and the content of each line after the one that ends at `stop`; of an empty one its end."""
        at = next_line(self._text, stop)
        while at < self._end:
            end = min(line_end(self._text, at), self._end)
            yield at, at + len(self._text[at:end]) - len(self._text[at:end].lstrip(" "))
            at = next_line(self._text, at)

    def _block_end(self, stop: int, column: int) -> int:
        """Return the start of the next line that is not indented more than `column`."""
        for start, content in self._lines_below(stop):
            if content - start <= column and self._text[content : content + 1] not in ("\n", "\r", ""):
                return start
        return self._end

    def _continuation_end(self, stop: int, column: int) -> int:
        """Return the start of the line after a plain value that may go on in indented lines."""
        for start, content in self._lines_below(stop):
            text = self._text
            is_more = content - start > column and text[content : content + 1] not in ("#", "\n", "\r", "")
            if not is_more or _DASH.match(text, content) or _KEY.match(text, content, line_end(text, content)):
                return start
        return self._end

    def _quoted_end(self, at: int, limit: int, stop: int) -> int:
        """Return the offset after a closing quote; without one, the end of the line at `stop`."""
        text, quote = self._text, self._text[at]
        i = at + 1
        while i < limit:
            if text[i] == "\\" and quote == '"':
                i += 1
            elif text[i] == quote:
                if quote == "'" and text[i + 1 : i + 2] == "'":
                    i += 1
                else:
                    return i + 1
            i += 1
        return stop

    def _flow(self, at: int, limit: int, route: Route) -> int:
        """Read a list or mapping in brackets up to its end, or `limit`; return the offset after it."""
        text = self._text
        frames: list[_Frame] = []
        while at < limit:
            character = text[at]
            if character in "[{":
                frames.append(_Frame(character, frames[-1].route if frames else route, at + 1))
            elif character in "]}":
                self._gap(frames[-1], at)
                frames.pop()
                if not frames:
                    return at + 1
                frames[-1].has_value = True
            elif character == ",":
                self._gap(frames[-1], at)
                frames[-1].next(at + 1)
            elif character == ":" and frames[-1].key_token is not None:
                frames[-1].take_key(self.tokens, at + 1, text)
            elif character == "#" and text[at - 1].isspace():
                at = line_end(text, at)
            elif not character.isspace():
                at = self._scalar(frames[-1], at, limit)
                continue
            at += 1
        if frames:
            self._gap(frames[-1], min(line_end(text, frames[-1].start), limit))
        return at

    def _scalar(self, frame: _Frame, at: int, limit: int) -> int:
        text, quote = self._text, self._text[at] if self._text[at] in "'\"" else ""
        if quote:
            stop = min(line_end(text, at), limit)
            end = self._quoted_end(at, limit, stop)
            closed = text[end - 1] == quote and end - 1 > at
            inner = Span(at + 1, end - 1 if closed else end)
        else:
            match = _FLOW_END.search(text, at + 1, limit)
            end = match.start() if match is not None else limit
            inner = Span(at, at + len(text[at:end].rstrip()))
        is_key = frame.bracket == "{" and not frame.has_key
        kind = TokenKind.WORD if is_key else TokenKind.VALUE
        is_item = frame.bracket == "["
        token = Token(kind, frame.map_route if is_key else frame.route, inner, Span(frame.start, end), quote, is_item)
        frame.key_token = len(self.tokens) if is_key else None
        frame.has_value = True
        self.tokens.append(token)
        return end

    def _gap(self, frame: _Frame, at: int) -> None:
        """Add an empty token where a value or a key is still to be written."""
        if frame.has_value:
            return
        written = self._text[frame.start : at]
        place = frame.start + len(written) - len(written.lstrip())
        is_key = frame.bracket == "{" and not frame.has_key
        kind, route = (TokenKind.WORD, frame.map_route) if is_key else (TokenKind.VALUE, frame.route)
        self.tokens.append(Token(kind, route, Span(place, place), Span(frame.start, at), "", frame.bracket == "["))


class _Frame:
    """A list or mapping in brackets that is being read."""

    def __init__(self, bracket: str, route: Route, start: int) -> None:
        self.bracket = bracket
        self.map_route = route
        self.start = start
        self.key_token: int | None = None
        self.has_key = False
        self.has_value = False
        self._step: str | int = 0 if bracket == "[" else ""

    @property
    def route(self) -> Route:
        """The route of the value that is read."""
        return (*self.map_route, self._step)

    def next(self, start: int) -> None:
        """Go on to the next item or key."""
        self.start, self.has_value, self.has_key, self.key_token = start, False, False, None
        if isinstance(self._step, int):
            self._step += 1

    def take_key(self, tokens: list[Token], start: int, text: str) -> None:
        """Take the last token for a key."""
        assert self.key_token is not None  # noqa: S101 - checked by the caller
        word = tokens[self.key_token]
        tokens[self.key_token] = Token(TokenKind.KEY, word.route, word.span, word.zone, word.quote)
        self._step = text[word.span.start : word.span.end]
        self.start, self.has_key, self.has_value, self.key_token = start, True, False, None


def line_before(text: str, offset: int) -> str:
    """Return the text of the line of `offset` before it."""
    return text[line_start(text, offset) : offset]
