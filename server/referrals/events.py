"""What the slices above learn from referrals."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from server.kit.events import Event


class ReferralRewarded(Event, frozen=True):
    """A deal counts, and its referrer was given what it makes due."""

    referral: UUID
    referrer: UUID
    friend: UUID
    order: UUID
    plan: str
    campaign: str
    at: datetime


class ReferralReversed(Event, frozen=True):
    """A deal that counted does so no longer; what it gave was taken back as the plan says."""

    referral: UUID
    referrer: UUID
    friend: UUID
    order: UUID
    plan: str
    campaign: str
    why: Literal["undone", "refunded"]
    at: datetime
