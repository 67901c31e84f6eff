"""unknown-key."""

from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import (
    Annotated,
    Diagnostic,
    Example,
    Meta,
    Pattern,
    SchemaError,
    SchemaRule,
    Severity,
    any_of,
    dotted,
    item_name,
    nearest,
    quoted,
    route_words,
)

_FEW = 12


class UnknownKey(SchemaRule, frozen=True):
    """Every key is one that the specification knows."""

    name = "unknown-key"
    severity = Severity.WARNING
    why = "Programs read the keys that they know; what stands under a misspelt one is lost without a word."
    notes = (
        "The names that readers may add to `context_labels` are all known. A project that has keys of its own names "
        'them in its config, as the way to them: `allow = ["reviewed_by", "lifecycle.reviewer", '
        '"graph_garden.entities[].note"]`. The keys inside an allowed one are free.'
    )
    bad = (
        Example('title: "Gärten"\n«sumary»: "People grow food."\n'),
        Example("lifecycle:\n  usage_stage: design\n  adoption_stage: emerging\n  «stauts»: draft\n"),
        Example("graph_garden:\n  entities:\n    - id: Q1\n      label: Füße\n      «weight»: 0.5\n"),
        Example('title: "Gärten"\n«commons_domain»: [life]\n', note="it belongs under `ontology`"),
        Example(
            'title: "Gärten"\n«aliases»: ["Beete"]\n',
            schema={
                "identity": {
                    "if": {"properties": {"title": {"const": "Gärten"}}},
                    "then": {"properties": {"aliases": False}},
                }
            },
            note="not allowed where the title is this one, by a project's own schema",
        ),
        Example("«reviewed_by»: rosa\n«reviewed_on»: 2024-05-01\n", options={"allow": ["reviewed"]}),
    )
    good = (
        Example('aliases: ["Gärten"]\n'),
        Example("context_labels:\n  academic: Horticulture\n", note="more readers are welcome"),
        Example(
            "reviewed_by:\n  name: rosa\nlifecycle:\n  reviewer: rosa\n",
            options={"allow": ["reviewed_by", "lifecycle.reviewer"]},
        ),
        Example("graph_garden:\n  entities:\n    - note: ripe\n", options={"allow": ["graph_garden.entities[].note"]}),
    )

    allow: Annotated[
        tuple[str, ...], Meta(description="Keys of your own, as the way to them: `lifecycle.reviewer`.")
    ] = ()

    def check(self, error: SchemaError, pattern: Pattern) -> Iterator[Diagnostic]:
        """Name the key, and the known one that was likely meant."""
        route = error.route
        if dotted(route) in self.allow:
            return
        key = str(error.value)
        where = "" if len(route) == 1 else f" of {route_words(route[:-1])}"
        is_refused = error.keyword == "false"  # by a schema that is `false`, which is not to say that it is unknown
        yield self.at(
            pattern,
            error.node.key_span,
            " ".join(filter(None, (f"`{key}` is not allowed", error.condition)))
            if is_refused
            else f"`{key}` is no known key{where}",
            route=route,
            subject=item_name(pattern.front.root, route),
            help=_advice(key, error, pattern),
        )


def _advice(key: str, error: SchemaError, pattern: Pattern) -> str:
    """Say where the key belongs, or which known one was meant: none that is there already."""
    if error.keyword == "false":
        return "delete it"
    if error.elsewhere:
        return f"it belongs under `{dotted(error.elsewhere[:-1])}`"
    parent = pattern.get(*error.route[:-1])
    free = [name for name in error.known if parent is None or name not in parent.keys]
    found = nearest(key, free)
    if found:
        return f"did you mean `{found[0]}`?"
    if not error.known:
        return "delete it"
    if len(error.known) <= _FEW:
        return f"known here: {any_of(quoted(error.known))}"
    return "take it out, or have the config allow it (`allow`)"
