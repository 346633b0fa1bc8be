"""What the clock causes in a battle: its start, its last hour and its cut-off."""

from typing import Any
from uuid import UUID

from server.battles import commands, queries, turns
from server.battles.queries import Battle
from server.kit import db, jobs

START = "battle_start"
LAST_HOUR = "battle_last_hour"
FREEZE = "battle_freeze"
SWEEP = "battle_sweep"
LOOK = "battle_look"


async def plan_phases(one: Battle) -> None:
    """Leave the jobs of the start and the cut-off behind, in the transaction that opens it."""
    # The queue counts from the beginning of this transaction: from a later moment a job would
    # come too early, do nothing, and leave its work to the sweep of the next minute.
    began = await db.value("SELECT now()")
    battle = {"battle": str(one.id)}
    await jobs.enqueue(START, battle, one.starts - began, f"{START}:{one.id}")
    await jobs.enqueue(FREEZE, battle, one.cut_off - began, f"{FREEZE}:{one.id}")
    if one.cut_off - one.starts >= turns.LONG:
        last = one.cut_off - turns.LAST
        await jobs.enqueue(LAST_HOUR, battle, last - began, f"{LAST_HOUR}:{one.id}")


async def start(payload: dict[str, Any]) -> None:
    """Start the battle of the payload, if its time has come."""
    await commands.start(UUID(payload["battle"]))


async def last_hour(payload: dict[str, Any]) -> None:
    """Tell that the last hour of the battle of the payload has begun."""
    await turns.last_hour(UUID(payload["battle"]))


async def freeze(payload: dict[str, Any]) -> None:
    """Freeze the battle of the payload, if its time has come."""
    await commands.freeze(UUID(payload["battle"]))


async def sweep(_: dict[str, Any]) -> None:
    """Do what a lost or early job left undone: every battle whose moment has passed."""
    for one in await queries.due(["joining"], "starts"):
        await commands.start(one.id)
    for one in await queries.due(["live"], "cut_off"):
        await commands.freeze(one.id)


async def look(_: dict[str, Any]) -> None:
    """Tell of each live battle in which another side has come to the front."""
    for one in await queries.due(["live"], "starts"):
        await turns.look_who_leads(one.id)


JOBS: dict[str, jobs.Job] = {
    START: start,
    LAST_HOUR: last_hour,
    FREEZE: freeze,
    SWEEP: sweep,
    LOOK: look,
}
CRON = {SWEEP: "* * * * *", LOOK: "*/10 * * * *"}
