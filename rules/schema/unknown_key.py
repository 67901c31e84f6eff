from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from msgspec.structs import replace

from patternlint.rule import (
    Annotated,
    DeclaredChange,
    Diagnostic,
    Example,
    Fix,
    Meta,
    Pattern,
    Replacement,
    Route,
    Safety,
    Severity,
    did_you_mean,
    item_name,
    phrases,
)
from patternlint.rule.internal import SchemaRule, SchemaViolation

_FEW = 12
_SIMILAR = 0.8


class UnknownKey(SchemaRule):
    """Every key is one that the specification knows."""

    name = "unknown-key"
    severity = Severity.WARNING
    why = "Programs read the keys that they know; what stands under a misspelt one is lost without a word."
    notes = (
        "The names that readers may add to `context_labels` are all known. A project that has keys of its own names "
        'them in its config, as the way to them: `allow = ["reviewed_by", "lifecycle.reviewer", '
        '"graph_garden.entities[].note"]`. The keys inside an allowed one are free.\n\n'
        "The fix renames a key to a very similar known one that is missing. It is safe where the two differ in case, `-` "
        "and `_` alone; else only a person knows whether the key is misspelt or belongs to the project."
    )
    bad = (
        Example(
            'title: "Gärten"\n«sumary»: "People grow food."\n',
            'title: "Gärten"\nsummary: "People grow food."\n',
            unsafe=True,
        ),
        Example(
            "relationships:\n  «complimentary»:\n    - slug: öven\n      weight: 0.5\n",
            "relationships:\n  complementary:\n    - slug: öven\n      weight: 0.5\n",
            unsafe=True,
        ),
        Example(
            "lifecycle:\n  «Usage-Stage»: design\n  adoption_stage: emerging\n",
            "lifecycle:\n  usage_stage: design\n  adoption_stage: emerging\n",
            note="the same but for case and `-`",
        ),
        Example(
            'title: "Gärten"\nrelationships:\n  enables:\n    - «Slug»: seed-library\n      weight: 0.8\n',
            'title: "Gärten"\nrelationships:\n  enables:\n    - slug: seed-library\n      weight: 0.8\n',
            note="in a link, which leads nowhere without its `slug`",
        ),
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

    def check(self, error: SchemaViolation, pattern: Pattern) -> Iterator[Diagnostic]:
        """Name the key, and the known one that was likely meant."""
        route = error.route
        if phrases.config_route(route) in self.allow:
            return
        key = str(error.value)
        place = "" if len(route) == 1 else f" in {phrases.describe_route(route[:-1])}"
        is_refused = error.keyword == "false"  # by a schema that is `false`, which is not to say that it is unknown
        found = self.at(
            pattern,
            error.node.key_span,
            " ".join(filter(None, (f"`{key}` is not allowed", error.condition)))
            if is_refused
            else f"unknown key `{key}`{place}",
            route=route,
            subject=_subject(route, pattern),
            help=_advice(key, error, pattern),
            fix=_fix(key, error, pattern),
        )
        yield replace(found, severity=max(found.severity, Severity.ERROR)) if error.required else found


def _subject(route: Route, pattern: Pattern) -> str:
    """Return the name of the list item that has the key; the value of the key where that is the misspelt name."""
    in_item = len(route) > 1 and isinstance(route[-2], int)
    return item_name(pattern.front.root, route) or ((in_item and pattern.text(*route)) or "")


_REVEALED = (
    *("alias-collision", "ambiguous-scalar", "cycle", "dangling-target", "date-type", "duplicate-target"),
    *("empty-value", "invalid-enum", "invalid-value", "item-shape", "key-order", "label-junk", "list-style"),
    *("missing-inverse", "missing-key", "missing-reciprocal", "out-of-range", "quote-style", "self-reference"),
    *("tension-form", "tension-from-title", "type-conflict", "unknown-key", "unsorted-weights", "version-type"),
    *(
        "wrong-type",
        "overall-score-mean",
        "score-precision",
        "summary-truncated",
        "duplicate-title",
        "inferred-conflict",
    ),
)
"""Rules that check what stands under a known key."""


def _fix(key: str, error: SchemaViolation, pattern: Pattern) -> Fix | None:
    """Return the fix that renames the key to the known one that was likely meant."""
    route = error.route
    meant = _meant(key, error, pattern)
    if not meant or error.elsewhere or SequenceMatcher(None, _folded(key), _folded(meant)).ratio() < _SIMILAR:
        return None
    return Fix(
        f"rename it to `{meant}`",
        Safety.SAFE if _folded(key) == _folded(meant) else Safety.UNSAFE,
        (Replacement(error.node.key_span, meant),),
        (DeclaredChange(route), DeclaredChange((*route[:-1], meant))),
        _REVEALED,
    )


def _folded(key: str) -> str:
    return key.casefold().replace("-", "_").replace(" ", "_")


def _meant(key: str, error: SchemaViolation, pattern: Pattern) -> str:
    """Return the nearest known key that is missing beside `key`, or an empty string."""
    parent = pattern.get(*error.route[:-1])
    free = [name for name in error.known if parent is None or name not in parent.keys]
    same = [name for name in free if _folded(name) == _folded(key)]
    return next(iter(same or did_you_mean.closest_matches(key, free)), "")


def _advice(key: str, error: SchemaViolation, pattern: Pattern) -> str:
    """Return where the key belongs, or which known one was meant: none that is there already."""
    if error.keyword == "false":
        return "delete it"
    needed = ", a required key" if error.required else ""
    if error.elsewhere and (not error.required or error.known == (key,)):
        spaces = 2 * (len(error.elsewhere) - 1)
        return f"move it under `{phrases.config_route(error.elsewhere[:-1])}`, indented with {spaces} spaces"
    meant = _meant(key, error, pattern)
    if meant:
        return f"did you mean `{meant}`{needed}? Rename the key"
    if not error.known:
        return "delete it"
    allow = f'delete it, or allow it in the config: `[options.unknown-key]` with `allow = ["{phrases.config_route(error.route)}"]`'
    return (
        f"write {phrases.join_or(phrases.backticked(error.known))}, or {allow}" if len(error.known) <= _FEW else allow
    )
