"""Whatever order reviews come in, live is the fold of the final verdicts (D6, plan.md)."""

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from hypothesis import HealthCheck, given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from game.points import ActionFact, fold
from server import wiring
from server.actions import commands
from server.actions.commands import Report
from server.config import Settings
from server.kit import db
from server.ledger.verification import verify
from server.plans import commands as plans
from server.plans import queries as plan_queries
from tests.support.cast import bring_in, launch, person_id
from tests.support.field import (
    FIGHTERS,
    STARTS,
    TIMES,
    act,
    at,
    commanding,
    open_plan,
    plan_text,
    wallets,
)
from tests.support.services import Clock

HISTORIES = 30 * TIMES
PEOPLE = ("MEI", "BAO", "CHEN")


class Sent(NamedTuple):
    """A report: how long after the one before, whose, of what; how it is judged, and when."""

    after: timedelta
    code: str
    kind: str
    customer: str
    verdict: str | None
    turn: int


sent = st.builds(
    Sent,
    after=st.sampled_from(
        [timedelta(0), timedelta(minutes=30), timedelta(hours=7), timedelta(days=29)]
    ),
    code=st.sampled_from(PEOPLE),
    kind=st.sampled_from(["visit", "visit", "chat", "call"]),
    customer=st.sampled_from(["A-1", "A-1", "A-2", "13812341234", ""]),
    verdict=st.sampled_from(["accepted", "accepted", "struck", None]),
    turn=st.integers(0, 1000),
)
histories = st.lists(sent, min_size=2, max_size=9)


class Judged(NamedTuple):
    action: UUID
    verdict: str


async def live(history: list[Sent], new_version_before: int) -> None:
    """Report in order, with verdicts in between and after in the order of their turns."""
    await db.execute("SELECT reset_all()")
    await at(STARTS)
    await bring_in([*FIGHTERS, ("OP", "林芳", "manager", "总部/运营", "", "operations")])
    await launch(plan_text(battle=False))
    op, now, waiting = await person_id("OP"), STARTS, []
    for number, each in enumerate(history):
        now += each.after
        await at(now)
        if number == new_version_before:
            await plans.draft(plan_text(version=2, call=7, battle=False), None)
            await plans.launch("field", 2, None)
        said = Report(plan="field", kind=each.kind, customer=each.customer)
        reported = await commands.report(await person_id(each.code), said)
        if each.verdict is not None:
            waiting.append((each.turn, Judged(reported.action, each.verdict)))
        if each.turn % 3 == 0:
            await judge(waiting, op)
    while waiting:
        await judge(waiting, op)


async def judge(waiting: list[tuple[int, Judged]], op: UUID) -> None:
    if waiting:
        _, judged = waiting.pop(waiting.index(min(waiting)))
        await commands.decide(judged.action, op, judged.verdict, "not so")  # type: ignore[arg-type]


async def facts() -> list[ActionFact]:
    """The actions as they were received, with the verdicts they have now."""
    return await db.rows(
        ActionFact,
        "SELECT id::text AS action, person::text, kind, customer, happened_at, received_at, verdict"
        " FROM action ORDER BY received_at, id",
    )


async def check(history: list[Sent], new_version_before: int) -> None:
    await live(history, new_version_before)
    versions = await plan_queries.versions("field", STARTS)
    people = {str(await person_id(code)): code for code in PEOPLE}
    decisions = fold(versions, list(people), await facts())

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


def test_live_is_the_fold_whatever_order_reviews_come_in(settings: Settings) -> None:
    with commanding(settings) as run:

        @bounds(max_examples=HISTORIES, deadline=None, suppress_health_check=list(HealthCheck))
        @given(histories, st.integers(0, 12))
        def holds(history: list[Sent], new_version_before: int) -> None:
            run(check(history, new_version_before))

        holds()


async def test_a_strike_gives_the_place_to_the_next(pool: None, clock: Clock) -> None:
    wiring.wire()
    await open_plan(clock)
    first, second, third = [await act(code, "visit", "A-1", by=None) for code in PEOPLE]
    op = await person_id("OP")
    await commands.decide(second, op, "accepted")
    await commands.decide(third, op, "struck", "never there")
    assert await wallets() == {}, "the first holds the place while it waits"
    after = await commands.decide(first, op, "struck", "another company")
    assert (after.outcome, after.points) == ("struck", 0)
    assert await wallets() == {"BAO": 5}
    outcomes = await db.column("SELECT outcome FROM action ORDER BY received_at")
    assert outcomes == ["struck", "scored", "struck"]
    reasons = await db.value("SELECT facts FROM transfer WHERE kind = 'award'")
    assert (reasons["action"], reasons["reviewer"]) == (str(second), str(op)), "it explains itself"
