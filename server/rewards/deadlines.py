"""The jobs of a redemption that waits: a word the day before its last, and its end."""

from typing import Final

from game.rewards import reminder_at
from server.kit import db, jobs
from server.rewards.queries import Redemption

EXPIRE: Final = "redemption_expire"
REMIND: Final = "redemption_remind"
SWEEP: Final = "redemption_sweep"


async def plan(one: Redemption) -> None:
    """Leave the jobs of a redemption behind, in the transaction that makes it."""
    # The queue counts from the beginning of this transaction.
    began = await db.value("SELECT now()")
    payload = {"redemption": str(one.id)}
    reminder = reminder_at(one.redeemed_at, one.expires_at)
    if one.way == "scan" and reminder is not None:
        await jobs.enqueue(REMIND, payload, reminder - began, f"{REMIND}:{one.id}")
    await jobs.enqueue(EXPIRE, payload, one.expires_at - began, f"{EXPIRE}:{one.id}")
