"""What push does about what others tell (see server/wiring.py)."""

from server.kit import db
from server.notifications.events import PeopleNotified
from server.people.events import PersonErased, SessionEnded
from server.push import jobs, queries


async def push_soon(event: PeopleNotified) -> None:
    """Have those told by a push who have a phone for it."""
    people = await queries.reachable(event.people)
    if people:
        await jobs.plan(people)


async def turn_off_signed_out(event: SessionEnded) -> None:
    """Send no more pushes to where somebody has signed out."""
    await db.execute(
        "DELETE FROM push_device WHERE session = ANY ($1::uuid[])", list(event.sessions)
    )


async def forget_person(event: PersonErased) -> None:
    """Forget the phones and choices of whoever is erased."""
    for table in ("push_device", "push_choice", "push"):
        await db.execute(f"DELETE FROM {table} WHERE person = $1", event.person)
