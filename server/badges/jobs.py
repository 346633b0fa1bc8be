"""What a launch causes: everybody's facts are folded under its rules, a few hundred at a time."""

from typing import Any, Final

from server.badges import commands
from server.kit import db, jobs

RECOUNT: Final = "badges_recount"
PEOPLE_AT_ONCE: Final = 200


async def plan_recount(plan: str, version: int) -> None:
    """Leave the job behind, in the transaction of the launch."""
    await jobs.enqueue(RECOUNT, {"plan": plan}, key=f"{RECOUNT}:{plan}:{version}")


async def recount(payload: dict[str, Any]) -> None:
    """Fold everybody under the plan of the payload; run twice, it changes nothing."""
    people = await db.column("SELECT id FROM person WHERE kind = 'employee' ORDER BY id")
    for start in range(0, len(people), PEOPLE_AT_ONCE):
        await commands.refold(payload["plan"], people[start : start + PEOPLE_AT_ONCE])


JOBS: dict[str, jobs.Job] = {RECOUNT: recount}
CRON: dict[str, str] = {}
