"""Routes: stable addresses inside a pattern."""

from __future__ import annotations

from functools import lru_cache

Route = tuple[str | int, ...]
"""A path into front matter, such as `("relationships", "enables", 0, "slug")`, or `("section-3",)` in the body."""


BODY_ROUTE: Route = ("body",)


def path_steps(path: str) -> list[str]:
    """Return the steps of a path in a specification: keys, `*` for any key, `[]` for any item."""
    return path.replace("[]", ".[]").split(".")


@lru_cache(maxsize=4096)  # the same few routes recur
def format_route(route: Route) -> str:
    """Return a route as text: `relationships.enables[0].slug`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in route).removeprefix(".")
