"""The jobs of a redemption that waits: a word a day before its end, and its end."""

from typing import Final

from game.rewards import REMINDED_BEFORE
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
    if one.way == "scan":
        reminded = one.expires_at - REMINDED_BEFORE - began
        await jobs.enqueue(REMIND, payload, reminded, f"{REMIND}:{one.id}")
    await jobs.enqueue(EXPIRE, payload, one.expires_at - began, f"{EXPIRE}:{one.id}")
