"""What the slices above learn from people."""

from datetime import date
from uuid import UUID

from server.kit.events import Event


class SessionEnded(Event, frozen=True):
    """These sessions are over, told inside the transaction that ends them.

    Whoever holds their sockets closes them in `db.after_commit`.
    """

    sessions: tuple[UUID, ...]


class PersonOptedOut(Event, frozen=True):
    """The person is on no side, in no stake and on no board from now on (A6)."""

    person: UUID


class PersonDismissed(Event, frozen=True):
    """The person is let in no longer: what they had in hand goes to others."""

    person: UUID
    by: UUID


class RolesTaken(Event, frozen=True):
    """The person no longer has these roles."""

    person: UUID
    roles: frozenset[str]
    by: UUID | None


class ManyPhonesSeen(Event, frozen=True):
    """Somebody was shown so many phones in clear on one day of the company."""

    person: UUID
    count: int
    day: date


class PersonErased(Event, frozen=True):
    """A person asked to be forgotten and was: whatever names them goes, what was decided stays.

    `customer` is the key under which their phone was known as a customer's, "" without one.
    """

    person: UUID
    customer: str
