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

_FEW = 12  # keys that a help lists
_SIMILAR = 0.8  # ratio of a difflib match


class UnknownKey(SchemaRule):
    """Keys are defined by the specification."""

    name = "unknown-key"
    severity = Severity.WARNING
    why = "Programs ignore unknown keys, so the value of a misspelled key is silently lost."
    notes = (
        "`context_labels` may have any keys. Allow the keys of a project in the configuration, by their paths: "
        '`allow = ["reviewed_by", "lifecycle.reviewer", "graph_garden.entities[].note"]`. An allowed key may contain any '
        "keys.\n\n"
        "The fix renames a key to a very similar one that is missing. It is safe if the two differ only in case, `-` and "
        "`_`; otherwise it is unsafe, because the key may be one of the project."
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
            note="differs only in case and `-`",
        ),
        Example(
            'title: "Gärten"\nrelationships:\n  enables:\n    - «Slug»: seed-library\n      weight: 0.8\n',
            'title: "Gärten"\nrelationships:\n  enables:\n    - slug: seed-library\n      weight: 0.8\n',
            note="in a relationship, which needs a `slug`",
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
            note="not allowed with this title, by a project's own schema",
        ),
        Example("«reviewed_by»: rosa\n«reviewed_on»: 2024-05-01\n", options={"allow": ["reviewed"]}),
    )
    good = (
        Example('aliases: ["Gärten"]\n'),
        Example("context_labels:\n  academic: Horticulture\n", note="`context_labels` may have any keys"),
        Example(
            "reviewed_by:\n  name: rosa\nlifecycle:\n  reviewer: rosa\n",
            options={"allow": ["reviewed_by", "lifecycle.reviewer"]},
        ),
        Example("graph_garden:\n  entities:\n    - note: ripe\n", options={"allow": ["graph_garden.entities[].note"]}),
    )

    allow: Annotated[tuple[str, ...], Meta(description="Additional allowed keys, as paths: `lifecycle.reviewer`.")] = ()

    def check(self, error: SchemaViolation, pattern: Pattern) -> Iterator[Diagnostic]:
        route = error.route
        if phrases.config_route(route) in self.allow:
            return
        place = "" if len(route) == 1 else f" in {phrases.describe_route(route[:-1])}"
        if error.keyword == "false":  # a schema that is `false` forbids the key, which is not unknown
            message = f"`{error.value}` is not allowed {error.condition}".rstrip()
        else:
            message = f"unknown key `{error.value}`{place}"
        meant = _meant(error, pattern)
        finding = self.at(
            pattern,
            error.node.key_span,
            message,
            route=route,
            subject=_subject(route, pattern),
            help=_advice(error, meant, pattern),
            fix=_fix(error, meant),
        )
        yield replace(finding, severity=max(finding.severity, Severity.ERROR)) if error.required else finding


def _subject(route: Route, pattern: Pattern) -> str:
    """Return the name of the list item that has the key, or the value of the key if that is the misspelled name."""
    in_item = len(route) > 1 and isinstance(route[-2], int)
    return item_name(pattern.front.root, route) or ((in_item and pattern.text(*route)) or "")


_REVEALED = (
    "alias-collision ambiguous-scalar cycle dangling-target date-type duplicate-target duplicate-title empty-value "
    "inferred-conflict invalid-enum invalid-value item-shape key-order label-junk list-style missing-inverse missing-key "
    "missing-reciprocal out-of-range overall-score-mean quote-style score-precision self-reference summary-truncated "
    "tension-form tension-from-title type-conflict unknown-key unsorted-weights version-type wrong-type"
)
"""Rules that check the value of a known key."""


def _fix(error: SchemaViolation, meant: str) -> Fix | None:
    """Return the fix that renames the key to `meant`, if the two are similar enough."""
    route, key = error.route, str(error.value)
    if not meant or error.elsewhere or SequenceMatcher(None, _folded(key), _folded(meant)).ratio() < _SIMILAR:
        return None
    return Fix(
        f"rename `{key}` to `{meant}`",
        Safety.SAFE if _folded(key) == _folded(meant) else Safety.UNSAFE,
        (Replacement(error.node.key_span, meant),),
        (DeclaredChange(route), DeclaredChange((*route[:-1], meant))),
        tuple(_REVEALED.split()),
    )


def _folded(key: str) -> str:
    return key.casefold().replace("-", "_").replace(" ", "_")


def _meant(error: SchemaViolation, pattern: Pattern) -> str:
    """Return the known key that the unknown one was probably meant to be and that is missing, or an empty string."""
    key = str(error.value)
    free = _free(error, pattern)
    same = [name for name in free if _folded(name) == _folded(key)]
    return next(iter(same or did_you_mean.closest_matches(key, free)), "")


def _free(error: SchemaViolation, pattern: Pattern) -> list[str]:
    """Return the known keys that are missing beside the unknown one."""
    parent = pattern.get(*error.route[:-1])
    return [name for name in error.known if parent is None or name not in parent.keys]


def _advice(error: SchemaViolation, meant: str, pattern: Pattern) -> str:
    """Return where the key belongs, which key was probably meant, or which keys are allowed."""
    if error.keyword == "false":
        return "delete it"
    if error.elsewhere and (not error.required or error.known == (str(error.value),)):
        spaces = 2 * (len(error.elsewhere) - 1)
        return f"move it under `{phrases.config_route(error.elsewhere[:-1])}`, indented with {spaces} spaces"
    if meant:
        return f"did you mean the required key `{meant}`?" if error.required else f"did you mean `{meant}`?"
    if not error.known:
        return "delete it"
    free = _free(error, pattern)
    allowed = f"{phrases.join_or(phrases.backticked(free))}, or " if free and len(error.known) <= _FEW else ""
    setting = f'`allow = ["{phrases.config_route(error.route)}"]` under `[options.unknown-key]`'
    return f"{'rename it to ' if allowed else ''}{allowed}delete it, or allow it in the configuration with {setting}"
