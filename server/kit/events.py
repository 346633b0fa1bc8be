"""Events: what a slice tells those above it. `server/wiring.py` has the table of who listens."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec


class Event(msgspec.Struct, frozen=True):
    """Something that has happened, named in the past tense; told inside its transaction."""


_handlers: dict[type[Event], tuple[Callable[[Any], Awaitable[None]], ...]] = {}


def listen(table: dict[type[Event], tuple[Callable[[Any], Awaitable[None]], ...]]) -> None:
    """Set the whole table of listeners; called once, by the composition root."""
    _handlers.clear()
    _handlers.update(table)


async def publish(event: Event) -> None:
    """Run the listeners of this event in order, in the transaction of the caller."""
    for handler in _handlers.get(type(event), ()):
        await handler(event)
