"""A launch day in a store: one today, and the next when it is over."""

import asyncio
from datetime import datetime, time, timedelta
from functools import partial
from typing import Final
from uuid import UUID

import structlog

from game.errors import RuleViolation
from server.actions import commands as actions
from server.actions.commands import Report
from server.challenges import commands, queries
from server.challenges.commands import New
from server.demo import company
from server.demo.everyday import PLAN
from server.demo.stage import Stage, id_of
from server.kit import clock, db

log = structlog.get_logger()

RULE: Final = "launch_day"
STORE: Final = 1
MAKER: Final = "S101"
CLOSES: Final = time(21)
BEGAN: Final = timedelta(hours=3)
LASTS: Final = timedelta(hours=5)
LOOK_EVERY_S: Final = 20.0
STEPS: Final = (
    ("S101", "prospect"), ("S103", "prospect"), ("S103", "share"), ("S101", "share"),
    ("S104", "share"), ("S101", "video"), ("S103", "share"),
)  # fmt: skip
"""What was done in the store before the visitor came."""


def plan(stage: Stage) -> None:
    """Plan the day of the first store: made by its manager, joined, half way there."""
    began = stage.now - BEGAN
    stage.at(began, partial(open_day, _ends(stage)))
    for nth, (person, kind) in enumerate(STEPS, 1):
        at = began + nth * timedelta(minutes=18)
        stage.at(at, partial(_step, stage, person, kind, at))


def _ends(stage: Stage) -> datetime:
    """Return when the day ends: with the store, unless that is soon or was before."""
    closing = stage.moment(stage.today, CLOSES)
    return max(closing, stage.now + timedelta(hours=1))


async def _step(stage: Stage, person: str, kind: str, at: datetime) -> None:
    customer = f"KH4{at:%H%M%S}" if kind == "prospect" else ""
    said = Report(plan=PLAN, kind=kind, customer=customer)
    reported = await actions.report(stage.id(person), said)

    async def accept() -> None:
        await actions.decide(reported.action, stage.id(company.REVIEWER), "accepted")

    stage.at(at + timedelta(minutes=6), accept)


@db.command
async def open_day(ends: datetime) -> UUID:
    """Start the launch day of the store; its staff join, but for whoever a visitor plays."""
    ids = {each: await id_of(each) for each in company.staff_of(STORE)}
    new = New(plan=PLAN, rule=RULE, ends=ends, people=list(ids.values()))
    made = await commands.make(new, ids[MAKER])
    played = {each.person for each in company.CAST} - {MAKER}
    for person, id_ in ids.items():
        if person not in played:
            await commands.join(made, id_)
    return made


async def look() -> UUID | None:
    """Start the next day if none is on; returns it."""
    running = [each for each in await queries.challenges() if each.state in {"open", "live"}]
    if any(each.kind == "store_day" for each in running):
        return None
    return await open_day(await clock.now() + LASTS)


async def keep_going() -> None:
    """Start day after day, until cancelled."""
    while True:
        try:
            await look()
        except RuleViolation as refusal:
            log.info("day_not_started", reason=refusal.code)
        except Exception as error:  # noqa: BLE001 - PostgreSQL comes back
            log.warning("day_not_started", error=repr(error))
        await asyncio.sleep(LOOK_EVERY_S)
