"""What antispam does when something happens elsewhere."""

from server.kit import db
from server.notifications.notices import notify
from server.people.events import ManyPhonesSeen, PersonErased

PAGE_OF_DATA = "/people/data"


async def tell_administrators(event: ManyPhonesSeen) -> None:
    """Tell administrators that somebody looks at many phones."""
    told = await db.column(
        "SELECT r.person FROM person_role r JOIN person p ON p.id = r.person"
        " WHERE r.role = 'admin' AND p.active AND p.id <> $1",
        event.person,
    )
    name = await db.value("SELECT name FROM person WHERE id = $1", event.person)
    topic = f"reveals:{event.person}:{event.day}"
    await notify(told, "many_reveals", topic, {"name": name, "n": event.count}, PAGE_OF_DATA)


async def forget_person(event: PersonErased) -> None:
    """Forget what somebody was seen with; what was decided about them stays, without words."""
    await db.execute("DELETE FROM sighting WHERE person = $1", event.person)
    await db.execute(
        "UPDATE lead_arrival SET device = '', network = '' WHERE person = $1", event.person
    )
