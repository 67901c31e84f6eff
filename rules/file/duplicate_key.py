from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, FileRule, ParsedFile, Route, Severity, item_name, label, phrases


class DuplicateKey(FileRule):
    """Every key occurs once in its mapping."""

    name = "duplicate-key"
    severity = Severity.ERROR
    why = "Some programs take the first value, some the last, and some reject the file: one of the two values is lost."
    notes = (
        "`patternlint` uses the last value. The same key in different mappings, or in different items, is not a "
        "duplicate."
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
        routes = _routes(parsed)
        for duplicate in parsed.duplicates:
            route = routes.get(duplicate.second.start, (duplicate.key,))
            yield self.at(
                parsed.source,
                duplicate.second,
                f"duplicate key `{duplicate.key}`{_item(route)}",
                route=route,
                subject=item_name(parsed.pattern.front.root, route) if parsed.pattern is not None else "",
                help="merge the values and keep one of the keys",
                labels=(label(parsed.source, duplicate.first, "first occurrence"),),
            )


def _item(route: Route) -> str:
    """Return which list item a key is in, or an empty string."""
    depth = max((length for length, step in enumerate(route, 1) if isinstance(step, int)), default=0)
    return f" in {phrases.describe_route(route[:depth])}" if depth else ""


def _routes(parsed: ParsedFile) -> dict[int, Route]:
    """Return the route of every duplicate key, by the offset of each occurrence but the first.

    The tree holds only the last of several; each duplicate leads from it to the occurrence before.
    """
    if parsed.pattern is None:
        return {}
    last = {duplicate.second.start for duplicate in parsed.duplicates}
    routes = {node.key_start: route for route, node in parsed.pattern.front.root.walk() if node.key_start in last}
    for duplicate in reversed(parsed.duplicates):
        route = routes.get(duplicate.second.start)
        if route is not None:
            routes[duplicate.first.start] = route
    return routes
