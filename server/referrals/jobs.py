"""What the clock causes: rewards whose release has come, verdicts that failed before."""

from typing import Any
from uuid import UUID

from server.antispam.devices import KEPT
from server.kit import db, jobs
from server.kit.db import command
from server.referrals import deals, queries

SWEEP = "referral_sweep"
FORGET = "referral_forget"


async def release(payload: dict[str, Any]) -> None:
    """Count the deal of the payload, if its time has come."""
    await deals.release(UUID(payload["order"]))


async def sweep(_: dict[str, Any]) -> None:
    """Do what a lost job or a failed verdict left undone."""
    for order in await queries.overdue():
        await deals.judge(order)
        await deals.release(order)


@command
async def forget() -> None:
    """Forget on which devices people came and paid; deals that are not decided yet keep them."""
    await db.execute(
        "UPDATE referral SET device = '', network = '' WHERE (device <> '' OR network <> '')"
        " AND bound_at < leitai_clock() - $1::text::interval",
        KEPT,
    )
    await db.execute(
        "UPDATE referral_deal SET payer = '', device = '' WHERE (payer <> '' OR device <> '')"
        " AND state IN ('counted', 'refused') AND placed_at < leitai_clock() - $1::text::interval",
        KEPT,
    )


async def forget_daily(_: dict[str, Any]) -> None:
    """Forget what is old, once a day."""
    await forget()


JOBS: dict[str, jobs.Job] = {deals.RELEASE: release, SWEEP: sweep, FORGET: forget_daily}
CRON = {SWEEP: "* * * * *", FORGET: "29 4 * * *"}
"""Every minute: nobody waits for a reward longer than that."""
