"""What happened before the visitor came: people, three earlier rounds, wallets that add up.

All of it goes through the same commands as everything later, in one transaction: it is there whole
or not at all.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from random import Random
from typing import Final, NamedTuple
from uuid import UUID

from game.errors import RuleViolation
from server.actions import commands as actions
from server.actions.commands import Report
from server.antispam import networks
from server.antispam.devices import token_of
from server.badges import commands as badges
from server.battles import commands as battles
from server.demo import (
    company,
    everyday,
    first_week,
    lead_to_money,
    shelf,
    store_day,
    word_of_mouth,
)
from server.demo.company import AUDITOR, PLAN, REVIEWER
from server.demo.customers import ON_THE_JOB, STRIKES, Book, Visit
from server.demo.rounds import open_round
from server.demo.stage import Stage, be_at, story
from server.kit import clock, db
from server.notifications import commands as notifications
from server.notifications import queries as inbox
from server.people import limits, visitors
from server.people.commands import import_people
from server.people.imports import read_people

# Two demos that begin on one database take turns.
SEED_LOCK: Final = 781_606
STORY: Final = 18
"""One of the stories in which the employee of the cast is on the side that won last."""
ROUNDS: Final = (15, 8, 1)
"""How many days ago each round of the story was; it ended at the cut-off of that day."""
CUT_OFF: Final = time(17)
LASTED: Final = timedelta(hours=8)
REVIEWED_AFTER: Final = timedelta(minutes=9)
SETTLED_AFTER: Final = timedelta(minutes=25)
VISITS: Final = (1, 3)
STRUCK_PERCENT: Final = 5
BEFORE: Final = timedelta(days=35)
"""The story begins with the month of that day, so that a month of honours is over."""
LOOPBACK: Final = "127.0.0.1"
AWARDER: Final = everyday.AWARDER
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
    async with story():
        await _tell(Stage(now))
    return True


@db.command
async def found_company() -> None:
    """Bring everybody into an empty database, and write down that it is a demo."""
    await import_people(read_people(company.people_file()), None)
    for each in company.OUTSIDERS:
        await visitors.participant(each.phone, each.kind, each.name)
    await db.execute(
        "INSERT INTO setting (name, value)"
        " VALUES ('company', to_jsonb($1::text)), ('demo', to_jsonb(true))",
        company.COMPANY,
    )


async def _tell(stage: Stage) -> None:
    begins = (stage.today - BEFORE).replace(day=1)
    await be_at(stage.moment(begins, time(8)))
    await found_company()
    await stage.meet()
    await _know_this_machine(stage.id(AWARDER))
    dice = Random(STORY)  # noqa: S311  # a story, not a secret
    books = {each.person: Book(dice) for each in company.colleagues() if each.side}
    for ago in ROUNDS:
        _plan_round(stage, stage.moment(stage.days_ago(ago), CUT_OFF), books, dice)
    everyday.plan(stage, begins)
    shelf.plan(stage, begins)
    word_of_mouth.plan(stage, begins)
    lead_to_money.plan(stage, begins)
    store_day.plan(stage)
    first_week.plan(stage)
    stage.on(stage.days_ago(2), time(21), _read_news)
    await stage.play()
    await be_at(stage.now)


async def _know_this_machine(by: UUID) -> None:
    """Register the network that every visitor of one machine shares, as a store's is (I2)."""
    token = token_of("network", limits.network(LOOPBACK))
    await networks.register(token, company.COMPANY, by)


async def _read_news() -> None:
    """Let everybody have read what is older: a visitor finds a few new things, not all of them."""
    for person in await db.column("SELECT id FROM person ORDER BY id"):
        await badges.mark_seen(person)
        newest = next(iter(await inbox.inbox(person)), None)
        if newest is not None:
            await notifications.read_all(person, newest.id)


def _plan_round(stage: Stage, cut_off: datetime, books: dict[str, Book], dice: Random) -> None:
    starts = cut_off - LASTED
    opened: list[UUID] = []

    async def open_it() -> None:
        version = await open_round(starts, cut_off)
        opened.extend(
            await db.column(
                "SELECT id FROM battle WHERE plan = $1 AND plan_version = $2", PLAN, version
            )
        )

    async def start() -> None:
        for battle in opened:
            await battles.start(battle)
        for told in sorted(_reports(starts, cut_off, books, dice)):
            _plan_report(stage, told, dice)

    async def freeze() -> None:
        for battle in opened:
            await battles.freeze(battle)

    async def settle() -> None:
        for battle in opened:
            await battles.settle(battle, stage.id(AUDITOR))

    stage.at(starts - timedelta(minutes=30), open_it)
    stage.at(starts, start)
    stage.at(cut_off, freeze)
    stage.at(cut_off + SETTLED_AFTER, settle)


def _reports(
    starts: datetime, cut_off: datetime, books: dict[str, Book], dice: Random
) -> Iterator[Told]:
    """Make up who reports what in a round; the last report leaves time for its review."""
    lasts = cut_off - starts - 2 * REVIEWED_AFTER
    for person, book in books.items():
        for _ in range(dice.randint(*VISITS)):
            visit = book.next_visit(KINDS[person[0]])
            yield Told(starts + dice.random() * lasts, person, visit)


def _plan_report(stage: Stage, told: Told, dice: Random) -> None:
    visit = told.visit
    since = (told.at - ON_THE_JOB).date()
    report = Report(
        plan=PLAN, kind=visit.kind, customer=visit.customer, note=visit.note,
        starters=[(who, since) for who in visit.starters],
    )  # fmt: skip

    async def send() -> None:
        reported = await actions.report(stage.id(told.person), report)
        if reported.outcome == "pending":
            stage.at(told.at + REVIEWED_AFTER, lambda: decide(reported.action))

    async def decide(action: UUID) -> None:
        by = stage.id(REVIEWER)
        if dice.randrange(100) < STRUCK_PERCENT:
            await actions.decide(action, by, "struck", dice.choice(STRIKES))
        else:
            await actions.decide(action, by, "accepted")

    stage.at(told.at, send)
