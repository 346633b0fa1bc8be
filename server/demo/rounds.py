"""Rounds: the campaign launched again and again, each time as a new version of its plan.

Nothing is remembered between two looks: what is open, and when the last verdict was given, stands
in the database, so a round survives whatever happens to this process.
"""

import asyncio
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
import structlog

from game.errors import RuleViolation
from game.plan import template
from game.plan_text import with_answers
from server.demo.company import OFFICE, PLAN
from server.kit import db
from server.plans import commands as plans

log = structlog.get_logger()

LAUNCHER: Final = next(code for code, _, _, role in OFFICE if role == "admin")
LOOK_EVERY_S: Final = 1.0
TITLES: Final = (
    ("客户开发擂台 · 第 {} 场", "客戶開發擂台 · 第 {} 場", "Client battle, round {}"),
    ("招商引才擂台 · 第 {} 场", "招商引才擂台 · 第 {} 場", "Talent battle, round {}"),
)
SPONSOR: Final = (200_000, 100_000)
"""What the company adds to the pots, in 分."""
OPEN_FIGURES: Final = {
    "actions.school_channel.points": 10,
    "actions.agency_channel.points": 8,
    "actions.personal_channel.points": 3,
    "actions.placement.points": 5,
}
LIVELY: Final = {"deals.calls.share": "1/1"}
"""Every deal of the demo is called back, so that there is always one; the template draws a tenth."""
DOUBLED: Final = """
[[multipliers]]
actions = ["client_b", "placement"]
from = {from_}
until = {until}
times = 2
"""
DOUBLED_PART: Final = (0.55, 0.75)
"""The part of a round in which some kinds count twice."""


class Pace(msgspec.Struct, frozen=True):
    """How long the phases of a round last."""

    joining: timedelta = timedelta(seconds=10)
    live: timedelta = timedelta(minutes=20)
    verdict: timedelta = timedelta(seconds=40)


class Latest(msgspec.Struct, frozen=True):
    """What the database says of the rounds: how many battles are open, the last verdict."""

    now: datetime
    open: int
    settled_at: datetime | None


def document(number: int, starts: datetime, cut_off: datetime) -> str:
    """Return the plan of one round: the template, its open figures filled in."""
    answers: dict[str, object] = {"plan.version": number, **OPEN_FIGURES, **LIVELY}
    for place, titles in enumerate(TITLES):
        battle = f"battles[{place}]"
        answers |= {f"{battle}.starts": starts, f"{battle}.cut_off": cut_off}
        answers[f"{battle}.sponsor.amount"] = SPONSOR[place]
        for locale, title in zip(("zh_Hans", "zh_Hant", "en"), titles, strict=True):
            answers[f"{battle}.title.{locale}"] = title.format(number)
    from_, until = (starts + part * (cut_off - starts) for part in DOUBLED_PART)
    window = DOUBLED.format(from_=from_.isoformat(), until=until.isoformat())
    return with_answers(template(PLAN), answers) + window


@db.command
async def open_round(starts: datetime, cut_off: datetime) -> int:
    """Launch the next version of the campaign; its battles open with it. Returns its number."""
    number: int = await db.value(
        "SELECT coalesce(max(version), 0) + 1 FROM plan WHERE id = $1", PLAN
    )
    by: UUID | None = await db.value("SELECT id FROM person WHERE code = $1", LAUNCHER)
    await plans.draft(document(number, starts, cut_off), by)
    await plans.launch(PLAN, number, by)
    return number


async def look(pace: Pace) -> int | None:
    """Open the next round if it is time; returns its number."""
    found = await db.row(
        Latest,
        "SELECT leitai_clock() AS now,"
        " count(*) FILTER (WHERE state IN ('joining', 'live', 'auditing')) AS open,"
        " max(settled_at) AS settled_at FROM battle WHERE plan = $1",
        PLAN,
    )
    if found is None or found.open:
        return None
    if found.settled_at is not None and found.now < found.settled_at + pace.verdict:
        return None
    starts = found.now + pace.joining
    return await open_round(starts, starts + pace.live)


async def keep_going(pace: Pace) -> None:
    """Open round after round, until cancelled."""
    while True:
        try:
            await look(pace)
        except RuleViolation as refusal:
            # Another demo on the same database was quicker.
            log.info("round_not_opened", reason=refusal.code)
        except Exception as error:  # noqa: BLE001 - PostgreSQL comes back
            log.warning("round_not_opened", error=repr(error))
        await asyncio.sleep(LOOK_EVERY_S)
