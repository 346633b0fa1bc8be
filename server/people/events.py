"""What the slices above learn from people."""

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
