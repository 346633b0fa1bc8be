"""What the slices above learn from badges."""

from datetime import datetime
from uuid import UUID

from game.badge_terms import Tier
from server.kit.events import Event


class BadgeAwarded(Event, frozen=True):
    """A person holds a tier from now on; `at` is the moment of the fact that reached it."""

    person: UUID
    plan: str
    badge: str
    tier: Tier
    at: datetime
