"""YAML events from ruamel.yaml in pure Python: much slower than libyaml, and closer to YAML 1.2."""

from __future__ import annotations

from typing import Any

from ruamel.yaml import YAML, error
from ruamel.yaml import events as ruamel
from yaml import events
from yaml.error import MarkedYAMLError, YAMLError


class PureParser:
    """A parser with the interface, events and errors of PyYAML's parser."""

    def __init__(self, text: str) -> None:
        self._events = YAML(typ="safe", pure=True).parse(text)

    def get_event(self) -> events.Event | None:
        """Return the next event, or None after the last one.

        Raises:
            YAMLError: for invalid YAML.
            ValueError: for a lone surrogate from an escape sequence.
        """
        try:
            event = next(self._events, None)
        except error.MarkedYAMLError as found:
            raise MarkedYAMLError(found.context, found.context_mark, found.problem, found.problem_mark) from found
        except error.YAMLError as found:
            raise YAMLError(str(found)) from found
        return None if event is None else _translated(event)

    def dispose(self) -> None:
        """Do nothing: the parser holds no resources."""


def _translated(event: Any) -> events.Event:
    """Return an event of ruamel.yaml as one of PyYAML."""
    start, end = event.start_mark, event.end_mark
    if isinstance(event, ruamel.ScalarEvent):
        event.value.encode()
        return events.ScalarEvent(event.anchor, event.tag, event.implicit, event.value, start, end, event.style)
    kind: Any = getattr(events, type(event).__name__)
    if isinstance(event, ruamel.CollectionStartEvent):
        made = kind(event.anchor, event.tag, event.implicit, start, end, event.flow_style)
    elif isinstance(event, ruamel.AliasEvent):
        made = kind(event.anchor, start, end)
    else:
        made = kind(start, end)
    translated: events.Event = made
    return translated
