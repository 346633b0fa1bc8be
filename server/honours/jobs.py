"""What the clock causes in honours: votes open, results are frozen, the next period begins."""

from typing import Any
from uuid import UUID

from game.honours import due_state
from server.honours import queries, rounds
from server.honours.queries import Round
from server.kit import clock, db, jobs
from server.plans import queries as plans

PHASE = "honour_phase"
SWEEP = "honour_sweep"


async def plan_phases(one: Round) -> None:
    """Leave the jobs of a round's two moments behind, in the transaction that opens it."""
    began = await db.value("SELECT now()")
    for moment in (one.ends, one.closes):
        key = f"{PHASE}:{one.id}:{moment.isoformat()}"
        await jobs.enqueue(PHASE, {"round": str(one.id)}, moment - began, key)


async def phase(payload: dict[str, Any]) -> None:
    """Bring the round of the payload to where the clock is, and open the one that follows."""
    await rounds.move(UUID(payload["round"]))
    await open_all()


@db.command
async def open_all() -> None:
    """Open the rounds of every plan in force, each with the jobs of its moments."""
    for each in await plans.in_force():
        for opened in await rounds.open_rounds(each.plan):
            await plan_phases(await queries.round_(opened))


async def sweep(_: dict[str, Any]) -> None:
    """Do what a lost or early job left undone."""
    await open_all()
    now = await clock.now()
    for one in await queries.running():
        # Moving closes the plan's gate: only where there is something to do.
        if due_state(one.span, now) != one.state:
            await rounds.move(one.id)


JOBS: dict[str, jobs.Job] = {PHASE: phase, SWEEP: sweep}
CRON = {SWEEP: "* * * * *"}
