"""What boards do about what others tell (see server/wiring.py)."""

from server.boards.commands import refresh_boards_of
from server.kit import bus, db
from server.people.events import PersonOptedOut, SessionEnded


async def close_sockets(event: SessionEnded) -> None:
    """When sessions end, their sockets do too, in every process."""

    async def effect() -> None:
        bus.publish("sessions", {"ended": [str(session) for session in event.sessions]})

    db.after_commit(effect)


async def stop_naming(event: PersonOptedOut) -> None:
    """Show the boards of an opted-out person anew, without their name (A6)."""
    await refresh_boards_of(event.person)
