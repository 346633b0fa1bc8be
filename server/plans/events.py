"""What the slices above learn from plans."""

from uuid import UUID

from server.kit.events import Event


class PlanLaunched(Event, frozen=True):
    """A version of a plan is in force from now on; told inside its transaction."""

    plan: str
    version: int
    by: UUID | None
