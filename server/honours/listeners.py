"""What honours do about what others tell (see server/wiring.py)."""

from server.honours import jobs, queries, rounds
from server.plans import queries as plans
from server.plans.events import PlanLaunched


async def open_rounds(event: PlanLaunched) -> None:
    """Open the rounds of a version just launched; one that runs keeps the version it has."""
    plan = (await plans.plan_version(event.plan, event.version)).plan
    for opened in await rounds.open_rounds(plan):
        await jobs.plan_phases(await queries.round_(opened))
