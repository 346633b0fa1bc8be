"""Whose a socket is: it is told and closed by its person and its session."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from server.kit import db
from server.kit.live import Hub

SIGNED_OUT: Final = 4401
"""Close code of a socket whose session is over: sign in again, don't reconnect."""

LIVING: Final = """
SELECT s.id FROM session s JOIN person p ON p.id = s.person, leitai_clock() AS moment
WHERE s.id = ANY ($1::uuid[]) AND s.ended_at IS NULL AND p.active
  AND s.expires_at > moment AND s.seen_at + s.idle > moment
"""


def of_session(session: UUID | str) -> str:
    """The label of a session's sockets."""
    return f"session {session}"


def of_person(person: UUID | str) -> str:
    """The label of a person's sockets."""
    return f"person {person}"


def connected(hub: Hub) -> list[str]:
    """Return the ids of everybody who has a socket to this process."""
    return [label.removeprefix(of_person("")) for label in hub.labels(of_person(""))]


async def close_ended(hub: Hub) -> None:
    """Close the sockets of every session that has ended: one query for the whole process."""
    held = [UUID(label.removeprefix(of_session(""))) for label in hub.labels(of_session(""))]
    if held:
        living = set(await db.column(LIVING, held))
        close_sessions(hub, (session for session in held if session not in living))


def close_sessions(hub: Hub, ended: Iterable[UUID]) -> None:
    """Close the sockets of these sessions now."""
    for session in ended:
        for socket in hub.labelled(of_session(session)):
            socket.close(SIGNED_OUT, "signed out")


def tell_people(hub: Hub, people: Iterable[str], what: list[str]) -> None:
    """Tell the sockets of these people what to fetch again; a slow one misses none of it."""
    for person in people:
        hub.tell(of_person(person), " ".join(what), {"t": "changed", "what": what})
