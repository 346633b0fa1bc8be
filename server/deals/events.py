"""What the slices above learn from deals; amounts in 分."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from server.kit.events import Event


class DealChecked(Event, frozen=True):
    """A deal was found true and linked: from here on it pays.

    `reporter` brought the customer (None: nobody did), `seller` made the deal; `lead` and
    `order` are what it came from, where there is one; `customer` is the customer's key.
    """

    deal: UUID
    plan: str
    lead: UUID | None
    order: UUID | None
    customer: str
    reporter: UUID | None
    seller: UUID | None
    store: UUID | None
    amount: int
    is_first: bool
    made_at: datetime
    by: UUID
    at: datetime


class DealReversed(Event, frozen=True):
    """A deal that counted no longer stands: what it paid is taken back as the plan says (G9)."""

    deal: UUID
    plan: str
    why: Literal["refunded", "struck"]
    reason: str
    by: UUID
    at: datetime
