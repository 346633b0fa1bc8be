"""Hints: tell people's open pages what to fetch again. They carry no news themselves."""

from collections.abc import Iterable
from uuid import UUID

from server.kit import bus, db


async def hint(people: Iterable[UUID], *what: str) -> None:
    """Once the command around it commits, tell these people's sockets, such as `"wallet"`."""
    told = {"people": [str(person) for person in people], "what": list(what)}

    async def effect() -> None:
        bus.publish("people", told)

    db.after_commit(effect)
