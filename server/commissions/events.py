"""What the slices above learn from commissions; amounts in 分."""

from datetime import datetime
from uuid import UUID

from server.kit.events import Event


class CommissionAccrued(Event, frozen=True):
    """A commission moved in somebody's wallet: `amount` is what came, or below 0 went back."""

    accrual: UUID
    person: UUID
    plan: str
    deal: UUID
    amount: int
    at: datetime
