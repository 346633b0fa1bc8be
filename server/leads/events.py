"""What the slices above learn from leads."""

from datetime import datetime
from uuid import UUID

from server.kit.events import Event


class LeadReceived(Event, frozen=True):
    """A lead was received; `stage` is submitted or duplicate."""

    lead: UUID
    reporter: UUID
    plan: str
    customer: str
    stage: str
    at: datetime


class LeadAdvanced(Event, frozen=True):
    """A lead came to another stage; `owner` follows it up, None before anybody does."""

    lead: UUID
    reporter: UUID
    owner: UUID | None
    plan: str
    customer: str
    before: str
    now: str
    by: UUID | None
    at: datetime
