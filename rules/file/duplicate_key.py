from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, FileRule, ParsedFile, Route, Severity, item_name, label, phrases


class DuplicateKey(FileRule):
    """No key is twice in one mapping."""

    name = "duplicate-key"
    severity = Severity.ERROR
    why = (
        "Some programs take the first value, some the last, and some refuse the file; what one of the two says is lost."
    )
    notes = (
        "`patternlint` goes on with the last one. The same key in different mappings, or in different items, is none."
    )
    bad = (
        Example('title: "Gärten"\nslug: gaerten\n«title»: "Beete"\n'),
        Example("lifecycle:\n  status: draft\n  «status»: stable\n  «status»: draft # zum dritten Mal\n"),
        Example("graph_garden:\n  entities:\n    - {id: Füße, label: a, «id»: q}\n"),
    )
    good = (
        Example("graph_garden:\n  entities:\n    - id: Füße\n    - id: Köpfe\n  communities: []\n"),
        Example("title: Gärten\ncontext_labels:\n  title: Beete\n"),
    )

    def check(self, parsed: ParsedFile) -> Iterator[Diagnostic]:
        if not parsed.duplicates:
            return
        source = parsed.source
        routes = _routes(parsed)
        for duplicate in parsed.duplicates:
            route = routes.get(duplicate.second.start, (duplicate.key,))
            yield self.at(
                source,
                duplicate.second,
                f"the key `{duplicate.key}` is there twice{_where(route)}",
                route=route,
                subject=item_name(parsed.pattern.front.root, route) if parsed.pattern is not None else "",
                help="keep one of them, with what is right of both",
                labels=(label(source, duplicate.first, "the first is here"),),
            )


def _where(route: Route) -> str:
    """Return in which item of a list a key is; nothing where it is in none."""
    depth = max((length for length, step in enumerate(route, 1) if isinstance(step, int)), default=0)
    return f" in {phrases.describe_route(route[:depth])}" if depth else ""


def _routes(parsed: ParsedFile) -> dict[int, Route]:
    """Return the route of every key that is there twice or more, by the offset of each place but the first.

    The tree holds the last of several; the others are found by the chain of first and second places.
    """
    if parsed.pattern is None:
        return {}
    wanted = {duplicate.second.start for duplicate in parsed.duplicates}
    routes = {node.key_start: route for route, node in parsed.pattern.front.root.walk() if node.key_start in wanted}
    for duplicate in reversed(parsed.duplicates):
        route = routes.get(duplicate.second.start)
        if route is not None:
            routes[duplicate.first.start] = route
    return routes
