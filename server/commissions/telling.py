"""What people hear of their commissions (G8)."""

from uuid import UUID

from server.commissions import queries, words
from server.commissions.queries import Stored
from server.kit import formats
from server.notifications.notices import notify
from server.plans.words import as_builtins


def href_of(accrual: UUID) -> str:
    """Return the page that explains an accrual."""
    return f"/commissions/{accrual}"


async def moved(one: Stored, amount: int, n: int, why: str, reason: str) -> None:
    """Say that a commission arrived, or went back and why."""
    if not amount:
        return
    facts = {
        "title": as_builtins((await queries.terms_of(one)).title),
        "sum": formats.money(abs(amount)),
        "base": formats.money(one.base),
        "why": words.why(why, reason),
    }
    kind = "commission_arrived" if amount > 0 else "commission_back"
    await notify([one.person], kind, f"accrual:{one.id}:{n}", facts, href_of(one.id))
