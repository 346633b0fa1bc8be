"""What the clock causes in redemptions: a reminder, and the end of what waited too long."""

from typing import Any
from uuid import UUID

from server.kit import jobs
from server.kit.db import command
from server.rewards import commands, queries, telling
from server.rewards.deadlines import EXPIRE, REMIND, SWEEP


async def expire(payload: dict[str, Any]) -> None:
    """End the redemption of the payload, if it still waits and its time has come."""
    await commands.expire(UUID(payload["redemption"]))


@command
async def remind(payload: dict[str, Any]) -> None:
    """Tell the person of a redemption that still waits that it is kept until tomorrow only."""
    one = await queries.redemption(UUID(payload["redemption"]))
    if one.state == "waiting":
        await telling.ending(one)


async def sweep(_: dict[str, Any]) -> None:
    """Do what a lost or early job left undone: every redemption that waited too long."""
    for redemption in await queries.overdue():
        await commands.expire(redemption)


JOBS: dict[str, jobs.Job] = {EXPIRE: expire, REMIND: remind, SWEEP: sweep}
CRON = {SWEEP: "* * * * *"}
