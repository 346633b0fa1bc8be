"""What the slices above learn from rewards."""

from datetime import datetime
from uuid import UUID

from server.kit.events import Event


class RewardFulfilled(Event, frozen=True):
    """A redemption was handed over, approved or given at once, and its points are spent."""

    redemption: UUID
    person: UUID
    reward: UUID
    at: datetime
