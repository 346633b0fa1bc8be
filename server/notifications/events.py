"""What the slices above learn from notifications."""

from uuid import UUID

from server.kit.events import Event


class PeopleNotified(Event, frozen=True):
    """Each of these people has a new notice; told inside its transaction."""

    people: tuple[UUID, ...]
