"""The events of YAML by ruamel.yaml in pure Python: some forty times slower than libyaml, and closer to YAML 1.2."""

from __future__ import annotations

from typing import Any

from ruamel.yaml import YAML, error
from ruamel.yaml import events as ruamel
from yaml import events
from yaml.error import MarkedYAMLError, YAMLError


class PureParser:
    """A parser with the two methods of PyYAML's that are needed, and its events and errors."""

    def __init__(self, text: str) -> None:
        """Take the text."""
        self._events = YAML(typ="safe", pure=True).parse(text)

    def get_event(self) -> events.Event | None:
        """Return the next event; None behind the last one.

        Raises:
            YAMLError: where the text is no YAML.
            ValueError: at half a surrogate pair, which an escape in double quotes can make.
        """
        try:
            event = next(self._events, None)
        except error.MarkedYAMLError as found:
            raise MarkedYAMLError(found.context, found.context_mark, found.problem, found.problem_mark) from found
        except error.YAMLError as found:
            raise YAMLError(str(found)) from found
        return None if event is None else _translated(event)

    def dispose(self) -> None:
        """Nothing is held that must be given back."""


def _translated(event: Any) -> events.Event:
    """Return an event of ruamel.yaml as PyYAML has it."""
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
