"""What the slices above learn from challenges."""

from uuid import UUID

from server.kit.events import Event


class ChallengeFinished(Event, frozen=True):
    """A challenge is decided: reached, and its bonus paid, or missed; told in its transaction."""

    challenge: UUID
    reached: bool
    members: tuple[UUID, ...]
