"""What happened before the visitor came: people, three earlier rounds, wallets that add up.

All of it goes through the same commands as everything later, in one transaction: it is there whole
or not at all. Inside that transaction, and nowhere else, the one clock stands where the story is.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from game.errors import RuleViolation
from server.actions import commands as actions
from server.actions.commands import Report
from server.battles import commands as battles
from server.config import settings
from server.demo import company
from server.demo.company import AUDITOR, PLAN, REVIEWER
from server.demo.customers import STRIKES, Book, Visit
from server.demo.rounds import open_round
from server.kit import clock, db
from server.people.commands import import_people
from server.people.imports import read_people

# Two demos that begin on one database take turns.
SEED_LOCK: Final = 781_606
STORY: Final = 18
"""One of the stories in which the employee of the cast is on the side that won last."""
STORY_CLOCK: Final = """
CREATE OR REPLACE FUNCTION leitai_clock() RETURNS timestamptz LANGUAGE sql VOLATILE
AS $$ SELECT current_setting('leitai.story')::timestamptz $$
"""
ROUNDS: Final = (15, 8, 1)
"""How many days ago each round of the story was; it ended at the cut-off of that day."""
CUT_OFF: Final = time(17)
LASTED: Final = timedelta(hours=8)
REVIEWED_AFTER: Final = timedelta(minutes=9)
SETTLED_AFTER: Final = timedelta(minutes=25)
VISITS: Final = (1, 3)
STRUCK_PERCENT: Final = 5
KINDS: Final = {
    "K": ["client_c", "client_b", "client_a"],
    "Z": ["school_channel", "agency_channel", "personal_channel", "placement"],
}


class Told(NamedTuple):
    """One report of the story."""

    at: datetime
    person: str
    visit: Visit


@db.command
async def begin() -> bool:
    """Fill an empty database with the company and its story; False when that was done before.

    Refused as `company_is_real` when there are people who are not of a demo.
    """
    await db.execute("SELECT pg_advisory_xact_lock($1)", SEED_LOCK)
    if await db.value("SELECT true FROM setting WHERE name = 'demo'"):
        return False
    if await db.value("SELECT EXISTS (SELECT FROM person)"):
        raise RuleViolation("company_is_real")
    now = await clock.now()
    async with _story():
        await _tell(now)
    return True


@asynccontextmanager
async def _story() -> AsyncIterator[None]:
    true_clock = await db.value("SELECT pg_get_functiondef('leitai_clock()'::regprocedure)")
    await db.execute(STORY_CLOCK)
    yield
    await db.execute(true_clock)


async def _be_at(moment: datetime) -> None:
    await db.execute("SELECT set_config('leitai.story', $1, true)", moment.isoformat())


@db.command
async def found_company() -> None:
    """Bring the people of the company into an empty database, and write down that it is a demo."""
    await import_people(read_people(company.people_file()), None)
    await db.execute(
        "INSERT INTO setting (name, value)"
        " VALUES ('company', to_jsonb($1::text)), ('demo', to_jsonb(true))",
        company.COMPANY,
    )


async def _tell(now: datetime) -> None:
    await _be_at(now - timedelta(days=max(ROUNDS) + 2))
    await found_company()
    codes = await db.column("SELECT code FROM person ORDER BY code")
    found = await db.column("SELECT id FROM person ORDER BY code")
    ids: dict[str, UUID] = dict(zip(codes, found, strict=True))
    dice = Random(STORY)  # noqa: S311  # a story, not a secret
    books = {each.person: Book(dice) for each in company.colleagues() if each.side}
    today = now.astimezone(ZoneInfo(settings().company_timezone)).date()
    for ago in ROUNDS:
        day = today - timedelta(days=ago)
        await _tell_round(_cut_off(day), books, ids, dice)


def _cut_off(day: date) -> datetime:
    zone = ZoneInfo(settings().company_timezone)
    return datetime.combine(day, CUT_OFF, zone).astimezone(UTC)


async def _tell_round(
    cut_off: datetime, books: dict[str, Book], ids: dict[str, UUID], dice: Random
) -> None:
    starts = cut_off - LASTED
    await _be_at(starts - timedelta(minutes=30))
    version = await open_round(starts, cut_off)
    opened: list[UUID] = await db.column(
        "SELECT id FROM battle WHERE plan = $1 AND plan_version = $2", PLAN, version
    )
    await _be_at(starts)
    for battle in opened:
        await battles.start(battle)
    for told in sorted(_reports(starts, cut_off, books, dice)):
        await _tell_report(told, ids, dice)
    await _be_at(cut_off)
    for battle in opened:
        await battles.freeze(battle)
    await _be_at(cut_off + SETTLED_AFTER)
    for battle in opened:
        await battles.settle(battle, ids[AUDITOR])


def _reports(
    starts: datetime, cut_off: datetime, books: dict[str, Book], dice: Random
) -> Iterator[Told]:
    """Make up who reports what in a round; the last report leaves time for its review."""
    lasts = cut_off - starts - 2 * REVIEWED_AFTER
    for person, book in books.items():
        for _ in range(dice.randint(*VISITS)):
            visit = book.next_visit(KINDS[person[0]])
            yield Told(starts + dice.random() * lasts, person, visit)


async def _tell_report(told: Told, ids: dict[str, UUID], dice: Random) -> None:
    await _be_at(told.at)
    visit = told.visit
    report = Report(plan=PLAN, kind=visit.kind, customer=visit.customer, note=visit.note)
    reported = await actions.report(ids[told.person], report)
    if reported.outcome != "pending":
        return
    await _be_at(told.at + REVIEWED_AFTER)
    if dice.randrange(100) < STRUCK_PERCENT:
        await actions.decide(reported.action, ids[REVIEWER], "struck", dice.choice(STRIKES))
    else:
        await actions.decide(reported.action, ids[REVIEWER], "accepted")
