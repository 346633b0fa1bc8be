"""What boards do about what others tell (see server/wiring.py)."""

from server.boards import commands
from server.kit import bus, db
from server.people.events import PersonOptedOut, SessionEnded


async def end_sockets(event: SessionEnded) -> None:
    """Close the sockets of ended sessions in every process, once their end is committed."""
    ended = {"ended": [str(session) for session in event.sessions]}

    async def effect() -> None:
        bus.publish("sessions", ended)

    db.after_commit(effect)


async def stop_naming(event: PersonOptedOut) -> None:
    """Show the person's boards anew, without their name (A6)."""
    await commands.refresh_boards_of(event.person)
