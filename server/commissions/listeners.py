"""What commissions do about what others tell (see server/wiring.py)."""

from uuid import UUID

from server.antispam.events import SuspicionDecided
from server.commissions import commands, jobs
from server.deals.events import DealChecked, DealReversed
from server.kit.jobs import enqueue
from server.plans.events import PlanLaunched


async def count_deal(event: DealChecked) -> None:
    """Give what a deal earns."""
    await commands.count(event)


async def take_back(event: DealReversed) -> None:
    """Take back what a deal gave."""
    await commands.reverse(event.deal, event.why, event.reason, event.by)


async def go_on(event: SuspicionDecided) -> None:
    """Give what was held, or refuse it."""
    kind, _, deal = event.subject.partition(":")
    if kind != "deal":
        return
    if event.cleared:
        await commands.go_on(UUID(deal))
    else:
        await commands.refuse(UUID(deal), event.reason, event.by)


async def look_again(_: PlanLaunched) -> None:
    """Give what waits for room in a budget: its cap may have been raised."""
    await enqueue(jobs.SWEEP, {}, key=jobs.SWEEP)
