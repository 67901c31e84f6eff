"""Routes: stable addresses inside a pattern."""

from __future__ import annotations

Route = tuple[str | int, ...]
"""A path into front matter, such as `("relationships", "enables", 0, "slug")`, or `("section-3",)` in the body."""


BODY_ROUTE: Route = ("body",)


def format_route(route: Route) -> str:
    """Write a route as people read it: `relationships.enables[0].slug`."""
    parts: list[str] = []
    for step in route:
        if isinstance(step, int):
            parts.append(f"[{step}]")
        else:
            parts.append(f".{step}" if parts else step)
    return "".join(parts)
