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
    """Quotes around a value are straight."""

    name = "typographic-quotes"
    severity = Severity.WARNING
    yields_to = ("invalid-enum",)
    why = (
        'A word processor turns `"` into “ and ”. YAML does not treat these as quotes: they become part of the '
        "value and appear wherever it is shown."
    )
    notes = (
        "A value without straight quotes is reported if it begins with `“`, `„`, `‟`, `‘` or `‚` and ends with the "
        "matching closing mark; a quotation inside a text is not. The fix puts the same text in straight double "
        "quotes. It is available if the text contains no other quotes and no backslash, and unsafe for ids, slugs "
        "and other values that are written without quotes. In a list in brackets, a comma inside such quotes "
        "splits one item into two, which is reported without a fix."
    )
    bad = (
        Example("title: «“Bröd”»\n", '---\ntitle: "Bröd"\n---\n'),
        Example("aliases: [Öl, «„Bröd“»]\n", '---\naliases: [Öl, "Bröd"]\n---\n'),
        Example("slug: «‘bröd’»\n", '---\nslug: "bröd"\n---\n', unsafe=True),
        Example("aliases: [«“Bröd», Ost”]\n", note="a comma splits the item"),
        Example("title: «“Bröd \\ Ost”»\n", note="with a backslash"),
    )
    good = (
        Example('title: "“Bröd”"\n', note="part of the title"),
        Example("title: “Bröd” und “Ost”\n"),
        Example("title: Das „Bröd“\n"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        front = pattern.source.slice(pattern.front.span)
        if not any(map(front.__contains__, layout.TYPOGRAPHIC)):
            return
        for route, node, value in pattern.front.root.texts():
            if node.style:
                continue
            if layout.has_typographic_quotes(value):
                yield self._around(pattern, route, node, value)
            elif value[:1] in layout.TYPOGRAPHIC and route and isinstance(route[-1], int) and not _is_closed(value):
                yield self.at(
                    pattern,
                    node.span,
                    f"comma after `{value}` splits an item of `{phrases.config_route(route[:-1])}` into two",
                    route=route,
                    subject=value,
                    help="put the whole item in straight double quotes",
                )

    def _around(self, pattern: Pattern, route: Route, node: Node, value: str) -> Diagnostic:
        written, straight = pattern.source.slice(node.span), f'"{value[1:-1]}"'
        fix = None
        if not set('"\\\n') & set(written):
            safety = Safety.UNSAFE if layout.expected_quotes(pattern.spec, route) == "" else Safety.SAFE
            title = f"replace `{written}` with `{straight}`"
            fix = Fix(title, safety, (Replacement(node.span, straight),), (DeclaredChange(route),))
        return self.at(
            pattern,
            node.span,
            f"typographic quotes are part of the value of `{phrases.config_route(route)}`",
            route=route,
            subject=value,
            help=f'write `{straight}`, or `"{value}"` if the quotes belong to the value',
            fix=fix,
        )


def _is_closed(value: str) -> bool:
    return any(map(value[1:].__contains__, layout.CLOSING_QUOTES))
