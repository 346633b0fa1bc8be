"""Quotas and starters live: the fold of the final verdicts, whatever order reviews come in (C2-C4)."""

import asyncio
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from hypothesis import HealthCheck, given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from game.points import ActionFact, fold
from server import wiring
from server.actions import commands, outlook, recording
from server.actions.commands import Report
from server.config import Settings
from server.kit import db
from server.ledger.verification import verify
from server.plans import commands as plans
from server.plans import queries as plan_queries
from tests.support.cast import DESK, bring_in, launch, person_id
from tests.support.field import FIGHTERS, STARTS, TIMES, at, commanding, plan_text, wallets
from tests.support.services import Clock

HISTORIES = 15 * TIMES
PEOPLE = ("MEI", "BAO", "CHEN")
TITLE = '{ zh_Hans = "题", zh_Hant = "題", en = "Title" }'


def kinds(quota: int) -> str:
    return f"""
[actions.client]
title = {TITLE}
points = 10
handed_over = 4
once_per_customer = 30
home = {{ unit = "一队", quota = {{ per = "month", most = {quota} }} }}

[actions.agency]
title = {TITLE}
points = 50
once_per_customer = 30
needs = {{ people = 2, days = 3 }}

[actions.placement]
title = {TITLE}
points = 5
home = {{ unit = "总部", quota = {{ per = "week", most = 1 }} }}
needs = {{ people = 1, days = 3 }}
"""


def text(version: int = 1, quota: int = 2) -> str:
    head, _, rest = plan_text(version=version, battle=False).partition("[[multipliers]]")
    return f"{head}{kinds(quota)}\n[[multipliers]]{rest}"


class Sent(NamedTuple):
    """A report: how long after the one before, whose, of what; how it is judged, and when."""

    after: timedelta
    code: str
    kind: str
    customer: str
    mode: str
    starters: list[tuple[str, date]]
    verdict: str | None
    turn: int


days = st.sampled_from([date(2026, 11, 20), date(2026, 11, 23), date(2026, 12, 1)])
sent = st.builds(
    Sent,
    after=st.sampled_from([timedelta(0), timedelta(hours=7), timedelta(days=5)]),
    code=st.sampled_from(PEOPLE),
    kind=st.sampled_from(["client", "client", "client", "agency", "placement", "placement"]),
    customer=st.sampled_from(["A-1", "A-2", "", ""]),
    mode=st.sampled_from(["direct", "handed_over"]),
    starters=st.lists(
        st.tuples(st.sampled_from(["S-1", "S-2", "S-3"]), days),
        max_size=3, unique_by=lambda each: each[0],
    ),
    verdict=st.sampled_from(["accepted", "accepted", "accepted", "struck", None]),
    turn=st.integers(0, 1000),
)  # fmt: skip
histories = st.lists(sent, min_size=3, max_size=9)


async def prepare(quota: int = 2) -> None:
    await bring_in([*FIGHTERS, *DESK])
    await launch(text(quota=quota))


async def live(history: list[Sent], new_version_before: int) -> None:
    """Report in order, with verdicts in between and after in the order of their turns."""
    await db.execute("SELECT reset_all()")
    await at(STARTS)
    await prepare()
    op, now = await person_id("OP"), STARTS
    waiting: list[tuple[int, UUID, str]] = []
    for number, each in enumerate(history):
        now += each.after
        await at(now)
        if number == new_version_before:
            await plans.draft(text(version=2, quota=1), None)
            await plans.launch("field", 2, None)
        reported = await commands.report(await person_id(each.code), report_of(each))
        if each.verdict is not None:
            waiting.append((each.turn, reported.action, each.verdict))
        if each.turn % 3 == 0 and waiting:
            await judge(*waiting.pop(waiting.index(min(waiting))), op)
    for judged in sorted(waiting):
        await judge(*judged, op)


def report_of(each: Sent) -> Report:
    return Report(
        plan="field", kind=each.kind, customer=each.customer, mode=each.mode,  # type: ignore[arg-type]
        starters=each.starters,
    )  # fmt: skip


async def judge(_turn: int, action: UUID, verdict: str, by: UUID) -> None:
    expected = await outlook.outlook(action, verdict)  # type: ignore[arg-type]
    after = await commands.decide(action, by, verdict, "not so")  # type: ignore[arg-type]
    assert (after.outcome, after.points) == (expected.outcome, expected.points)


async def check(history: list[Sent], new_version_before: int) -> None:
    await live(history, new_version_before)
    versions = await plan_queries.versions("field", STARTS)
    people = {str(await person_id(code)): code for code in PEOPLE}
    units = {person: unit_of(code) for person, code in people.items()}
    facts = await db.rows(
        ActionFact,
        "SELECT id::text AS action, person::text, kind, customer, happened_at, received_at,"
        " verdict, mode, starters FROM action ORDER BY received_at, id",
    )
    decisions = fold(versions, list(people), facts, units)
    async with db.connection() as one:
        stored = await one.fetch("SELECT id::text, outcome, points FROM action")
    assert {row["id"]: (row["outcome"], row["points"]) for row in stored} == {
        each.action: (each.outcome, each.points) for each in decisions
    }
    due: dict[str, int] = {}
    for each in decisions:
        due[people[each.fact.person]] = due.get(people[each.fact.person], 0) + each.points
    assert await wallets() == {code: points for code, points in due.items() if points}
    assert await verify() == []


def unit_of(code: str) -> str:
    return next(unit for known, _, _, unit, *_ in FIGHTERS if known == code)


def test_live_is_the_fold_with_quotas_and_starters(settings: Settings) -> None:
    with commanding(settings) as run:

        @bounds(max_examples=HISTORIES, deadline=None, suppress_health_check=list(HealthCheck))
        @given(histories, st.integers(0, 12))
        def holds(history: list[Sent], new_version_before: int) -> None:
            run(check(history, new_version_before))

        holds()


async def client(code: str, customer: str = "", by: str | None = "OP") -> UUID:
    said = Report(plan="field", kind="client", customer=customer)
    reported = await commands.report(await person_id(code), said)
    if by is not None:
        await commands.decide(reported.action, await person_id(by), "accepted")
    return reported.action


async def outcomes() -> list[str]:
    return list(await db.column("SELECT outcome FROM action ORDER BY received_at, id"))


async def test_a_late_review_of_an_early_action_moves_the_points_on(
    pool: None, clock: Clock
) -> None:
    wiring.wire()
    await clock.set(STARTS)
    await prepare(quota=1)
    first = await client("MEI", by=None)
    await client("MEI")
    assert await outcomes() == ["pending", "within_quota"]
    op = await person_id("OP")
    await commands.decide(first, op, "accepted")
    assert await outcomes() == ["within_quota", "scored"]
    assert await wallets() == {"MEI": 10}
    await client("CHEN")
    assert await wallets() == {"MEI": 10, "CHEN": 10}, "who is not at home owes nothing"
    await recording.unscore("none", op, "nothing stands for it")
    assert await verify() == []


async def test_reviews_at_once_keep_the_quota(pool: None, clock: Clock) -> None:
    wiring.wire()
    await clock.set(STARTS)
    await prepare(quota=2)
    waiting = [
        await client("MEI", customer, by=None) for customer in ("A-1", "A-2", "A-3", *[""] * 9)
    ]
    op = await person_id("OP")
    await asyncio.gather(*[commands.decide(each, op, "accepted") for each in waiting])
    assert await outcomes() == ["within_quota"] * 2 + ["scored"] * 10
    assert await wallets() == {"MEI": 100}
    assert await verify() == []


async def test_a_starter_named_by_many_at_once_counts_once(pool: None, clock: Clock) -> None:
    wiring.wire()
    await clock.set(STARTS)
    await prepare()
    worked = [("S-1", date(2026, 11, 1))]

    async def place(code: str, customer: str) -> None:
        said = Report(plan="field", kind="placement", customer=customer, starters=worked)
        await commands.report(await person_id(code), said)

    await asyncio.gather(
        *[place(code, customer) for code in PEOPLE for customer in ("", "A-1", "A-2")]
    )
    assert sorted(await outcomes()) == ["pending"] + ["starter_counted"] * 8
