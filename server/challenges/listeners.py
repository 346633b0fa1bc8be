"""What challenges do about what others tell (see server/wiring.py)."""

from server.actions.events import PointsChanged, VerdictAsked
from server.boards import commands as boards
from server.boards.schemas import Moment
from server.challenges import commands, phases, queries
from server.kit import db
from server.people.events import PersonOptedOut


async def count_points(event: PointsChanged) -> None:
    """Move the standing of a member in each challenge where the action counts (E7)."""
    for one in await queries.counting(event.plan, event.kind, event.received_at, event.person):
        moment = Moment(event.kind_title, event.delta, event.received_at)
        if event.delta > 0:
            await boards.record(
                one.id, event.person, event.delta, received_at=event.received_at, moment=moment
            )
        else:
            left = await queries.points_so_far(one, event.person)
            reached_at = left[0].reached_at if left else one.starts
            await boards.record(
                one.id, event.person, event.delta, reached_at=reached_at, moment=moment
            )


async def decide_after_review(event: VerdictAsked) -> None:
    """Look again, once this verdict is given, at each challenge that waits for its last one."""
    for one in await queries.counting(event.plan, event.kind, event.received_at, event.person):
        if one.state == "finished":
            await phases.plan_finish(one)


async def take_off(event: PersonOptedOut) -> None:
    """Take an opted-out person out of the challenges that still run (A6).

    What is over but for its review keeps who brought it there; they are named nowhere.
    """
    for one in await queries.running_with(event.person):
        await db.value("SELECT plan_gate($1, true)", one.plan)
        current = await queries.challenge(one.id)
        if current.state in {"open", "live"}:
            await commands.take_off(current, event.person)
