from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import (
    DeclaredChange,
    Diagnostic,
    Example,
    Fix,
    Node,
    Pattern,
    Replacement,
    Route,
    Rule,
    Safety,
    Severity,
    layout,
    phrases,
)


class TypographicQuotes(Rule):
    """Quotes around a value are straight ones."""

    name = "typographic-quotes"
    severity = Severity.WARNING
    yields_to = ("invalid-enum",)
    why = (
        'A word processor turns `"` into “ and ”. YAML does not know these as quotes: they become part of the value, '
        "and are shown wherever the value is."
    )
    notes = (
        "A value without straight quotes that begins with `“`, `„`, `‟`, `‘` or `‚`, and ends with a mark that closes "
        "it, is reported; a quotation inside a text is not. The fix puts the same text in straight double quotes. It "
        "is offered where the text holds no other quotes and no backslash, and it is an unsafe one for ids, slugs and "
        "other values that are written without quotes. In a list in brackets, a comma inside such quotes parts one "
        "item into two: that is reported without a fix."
    )
    bad = (
        Example("title: «“Bröd”»\n", '---\ntitle: "Bröd"\n---\n'),
        Example("aliases: [Öl, «„Bröd“»]\n", '---\naliases: [Öl, "Bröd"]\n---\n'),
        Example("slug: «‘bröd’»\n", '---\nslug: "bröd"\n---\n', unsafe=True),
        Example("aliases: [«“Bröd», Ost”]\n", note="a comma parts the item"),
        Example("title: «“Bröd \\ Ost”»\n", note="with a backslash"),
    )
    good = (
        Example('title: "“Bröd”"\n', note="meant as part of the title"),
        Example("title: “Bröd” und “Ost”\n"),
        Example("title: Das „Bröd“\n"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        front = pattern.source.slice(pattern.front.span)
        if not any(map(front.__contains__, layout.TYPOGRAPHIC)):
            return
        for route, node in pattern.front.root.walk():
            value = node.value
            if node.children is None and not node.style and isinstance(value, str):
                if layout.has_typographic_quotes(value):
                    yield self._around(pattern, route, node, value)
                elif value[:1] in layout.TYPOGRAPHIC and route and isinstance(route[-1], int) and _is_open(value):
                    yield self.at(
                        pattern,
                        node.span,
                        f"the comma after `{value}` parts one item of `{phrases.config_route(route[:-1])}` into two",
                        route=route,
                        subject=value,
                        help="put the whole item in straight double quotes",
                    )

    def _around(self, pattern: Pattern, route: Route, node: Node, value: str) -> Diagnostic:
        inner = value[1:-1]
        fix = None
        if not set('"\\\n') & set(pattern.source.slice(node.span)):
            safety = Safety.UNSAFE if layout.expected_quotes(pattern.spec, route) == "" else Safety.SAFE
            edits = (Replacement(node.span, f'"{inner}"'),)
            fix = Fix("use straight quotes", safety, edits, (DeclaredChange(route),))
        return self.at(
            pattern,
            node.span,
            f"typographic quotes are part of the value of `{phrases.config_route(route)}`",
            route=route,
            subject=value,
            help=f'write `"{inner}"`, or `"{value}"` if the quotes are meant',
            fix=fix,
        )


def _is_open(value: str) -> bool:
    return not any(map(value[1:].__contains__, layout.CLOSING_QUOTES))
