"""The moment at which a deal counts: checked, and where it was drawn, confirmed by its customer."""

from datetime import datetime
from uuid import UUID

from game import deals as rules
from server.deals import linking, queries
from server.deals.events import DealChecked
from server.deals.queries import Deal
from server.kit import db, events, formats
from server.leads import stages
from server.notifications.hints import hint
from server.notifications.notices import notify


async def count(deal: UUID, now: datetime) -> None:
    """Let a deal count from now on: its lead comes to the stage `deal`, and it pays."""
    await db.execute("UPDATE deal SET state = 'counted', counted_at = $2 WHERE id = $1", deal, now)
    one = await queries.deal(deal)
    if one.checked_by is None:
        raise RuntimeError(f"deal {deal} counts, and nobody checked it")
    await _advance(one, one.checked_by)
    facts = {"contract": one.contract, "sum": formats.money(one.amount)}
    await notify(gaining(one), "deal_counted", f"deal:{deal}:counted", facts, f"/deals/{deal}")
    await events.publish(
        DealChecked(
            deal=deal, plan=one.plan, lead=one.lead, order=one.order_id, customer=one.customer,
            reporter=one.reporter, seller=one.seller, store=one.store, amount=one.amount,
            is_first=one.is_first, made_at=one.made_at, by=one.checked_by, at=now,
        )
    )  # fmt: skip
    await hint_all(one)


async def _advance(one: Deal, by: UUID) -> None:
    """Bring the lead to its deal; it may be there already, or be struck since the check."""
    if one.lead is None:
        return
    stage = (await linking.facts_of(one.lead)).stage
    if stage in rules.OPEN_LEADS - {"deal"}:
        await stages.advance(one.lead, "deal", by, facts={"deal": str(one.id)})


def gaining(one: Deal) -> list[UUID]:
    """Return who gains by a deal."""
    return [each for each in (one.seller, one.reporter) if each is not None]


async def hint_all(one: Deal) -> None:
    """Let the open pages of a deal be fetched anew."""
    asked = (one.seller, one.reporter, one.reported_by, one.checked_by)
    await hint({each for each in asked if each is not None}, "deals")
