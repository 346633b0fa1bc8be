"""What the clock causes in a battle: its start and its cut-off."""

from typing import Any
from uuid import UUID

from server.battles import commands, queries
from server.battles.queries import Battle
from server.kit import db, jobs

START = "battle_start"
FREEZE = "battle_freeze"
SWEEP = "battle_sweep"


async def plan_phases(one: Battle) -> None:
    """Leave the jobs of the start and the cut-off behind, in the transaction that opens it."""
    # The queue counts from the beginning of this transaction: from a later moment a job would
    # come too early, do nothing, and leave its work to the sweep of the next minute.
    began = await db.value("SELECT now()")
    battle = {"battle": str(one.id)}
    await jobs.enqueue(START, battle, one.starts - began, f"{START}:{one.id}")
    await jobs.enqueue(FREEZE, battle, one.cut_off - began, f"{FREEZE}:{one.id}")


async def start(payload: dict[str, Any]) -> None:
    """Start the battle of the payload, if its time has come."""
    await commands.start(UUID(payload["battle"]))


async def freeze(payload: dict[str, Any]) -> None:
    """Freeze the battle of the payload, if its time has come."""
    await commands.freeze(UUID(payload["battle"]))


async def sweep(_: dict[str, Any]) -> None:
    """Do what a lost or early job left undone: every battle whose moment has passed."""
    for one in await queries.due(["joining"], "starts"):
        await commands.start(one.id)
    for one in await queries.due(["live"], "cut_off"):
        await commands.freeze(one.id)


JOBS: dict[str, jobs.Job] = {START: start, FREEZE: freeze, SWEEP: sweep}
CRON = {SWEEP: "* * * * *"}
