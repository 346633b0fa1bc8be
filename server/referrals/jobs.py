"""What the clock causes: rewards whose release has come, verdicts that failed before."""

from typing import Any
from uuid import UUID

from server.kit import jobs
from server.referrals import deals, queries

SWEEP = "referral_sweep"


async def release(payload: dict[str, Any]) -> None:
    """Count the deal of the payload, if its time has come."""
    await deals.release(UUID(payload["order"]))


async def sweep(_: dict[str, Any]) -> None:
    """Do what a lost job or a failed verdict left undone."""
    for order in await queries.overdue():
        await deals.judge(order)
        await deals.release(order)


JOBS: dict[str, jobs.Job] = {deals.RELEASE: release, SWEEP: sweep}
CRON = {SWEEP: "* * * * *"}
"""Every minute: nobody waits for a reward longer than that."""
