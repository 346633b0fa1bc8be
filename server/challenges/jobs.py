"""What the clock causes in a challenge: its start, its end, and its decision."""

from typing import Any, Final
from uuid import UUID

from server.challenges import commands, queries
from server.challenges.phases import END, FINISH, START
from server.kit import jobs

SWEEP: Final = "challenge_sweep"


async def start(payload: dict[str, Any]) -> None:
    """Start the challenge of the payload, if its time has come."""
    await commands.start(UUID(payload["challenge"]))


async def end(payload: dict[str, Any]) -> None:
    """End the challenge of the payload, and decide it if nothing waits."""
    challenge = UUID(payload["challenge"])
    await commands.end(challenge)
    await commands.finish(challenge)


async def finish(payload: dict[str, Any]) -> None:
    """Decide the challenge of the payload, if nothing waits for a verdict any more."""
    await commands.finish(UUID(payload["challenge"]))


async def sweep(_: dict[str, Any]) -> None:
    """Do what a lost or early job left undone."""
    for one in await queries.due(["open"], "starts"):
        await commands.start(one.id)
    for one in await queries.due(["live"], "ends"):
        await commands.end(one.id)
    for one in await queries.due(["finished"], "ends"):
        await commands.finish(one.id)


JOBS: dict[str, jobs.Job] = {START: start, END: end, FINISH: finish, SWEEP: sweep}
CRON = {SWEEP: "* * * * *"}
