"""When the clock has something to do for a challenge: jobs left behind in its transaction."""

from datetime import timedelta
from typing import Final

from server.challenges.queries import Challenge
from server.kit import db, jobs

START: Final = "challenge_start"
END: Final = "challenge_end"
FINISH: Final = "challenge_finish"


async def plan_phases(one: Challenge) -> None:
    """Leave the jobs of its start and its end behind, in the transaction that opens it."""
    # The queue counts from the beginning of this transaction.
    began = await db.value("SELECT now()")
    payload = {"challenge": str(one.id)}
    await jobs.enqueue(START, payload, one.starts - began, f"{START}:{one.id}")
    await jobs.enqueue(END, payload, one.ends - began, f"{END}:{one.id}")


async def plan_finish(one: Challenge) -> None:
    """Leave a look behind whether it can be decided, once this transaction is through."""
    await jobs.enqueue(FINISH, {"challenge": str(one.id)}, timedelta(0), f"{FINISH}:{one.id}")
