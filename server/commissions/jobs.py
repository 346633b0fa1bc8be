"""What the clock causes in commissions: what waited for a verdict or for room is looked at again."""

from typing import Any, Final
from uuid import UUID

from server.commissions import commands, lists, queries
from server.kit import jobs

SWEEP: Final = "commission_sweep"
BATCH: Final = 500


async def sweep(_: dict[str, Any]) -> None:
    """Give what may be given by now; again is harmless."""
    for deal in await queries.unjudged(BATCH):
        await commands.go_on(deal)
    full: set[tuple[str, UUID | None]] = set()
    for one in await queries.without_room(BATCH):
        # In the order of the deals: behind one that does not fit, the next ones wait as well.
        if (one.plan, one.store) not in full:
            await commands.go_on(one.deal)
            if (await lists.accrual(one.id)).waits_for:
                full.add((one.plan, one.store))


JOBS: dict[str, jobs.Job] = {SWEEP: sweep}
CRON = {SWEEP: "*/5 * * * *"}
