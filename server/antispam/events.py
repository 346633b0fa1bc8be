"""What the slices above learn from antispam."""

from uuid import UUID

from server.kit.events import Event


class SuspicionDecided(Event, frozen=True):
    """A person decided about what waited, or about an appeal; told inside its transaction.

    `cleared` gives what is held free; it may come after an earlier `cleared=False` of the same
    subject, when an appeal was right.
    """

    subject: str
    cleared: bool
    by: UUID
    reason: str
