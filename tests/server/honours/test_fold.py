"""The result that is frozen from SQL is the fold of `game/` over everything that happened."""

from datetime import datetime, timedelta
from typing import NamedTuple

from hypothesis import HealthCheck, event, given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from game import honours as rules
from game.honour_terms import HonourRule
from game.points import ActionFact, fold
from server.actions import commands as actions
from server.actions.commands import Report
from server.config import Settings
from server.honours import queries, results, rounds, subjects
from server.honours.queries import Round
from server.kit import db
from server.ledger.verification import verify
from server.people import rights
from server.plans import commands as plans
from server.plans import queries as plan_queries
from tests.support.cast import bring_in, launch, person_id
from tests.support.field import TIMES, at, commanding
from tests.support.honours import ENDS, MS, PEOPLE, PLAN, STARTS, by_rule, honour

HISTORIES = 15 * TIMES
CODES = ("MEI", "BAO", "CHEN", "DAI", "AN")
CLOSES = ENDS + timedelta(days=3)

HONOURS = (
    honour("points", by_rule(top=2, tie="share"))
    + honour("first", by_rule("points", ("visit", "nod", "call"), top=2, tie="first_to_reach"))
    + honour("times", by_rule("actions", ("visit", "video"), top=1))
    + honour("team", by_rule(top=1), who="team")
)


class Sent(NamedTuple):
    """A report, where in the month it comes, and the verdict it gets before the round closes."""

    when: datetime
    code: str
    kind: str
    customer: str
    verdict: str | None
    turn: int


EDGES = (STARTS - MS, STARTS, STARTS + timedelta(days=9), ENDS - timedelta(days=2), ENDS - MS, ENDS)
sent = st.builds(
    Sent,
    when=st.sampled_from(EDGES),
    code=st.sampled_from(CODES),
    kind=st.sampled_from(["visit", "video", "video", "call", "nod"]),
    customer=st.sampled_from(["A-1", "A-1", "A-2", ""]),
    verdict=st.sampled_from(["accepted", "accepted", "struck", None]),
    turn=st.integers(0, 1000),
)
histories = st.lists(sent, max_size=14).map(lambda found: sorted(found, key=lambda each: each.when))


async def live(history: list[Sent], opted_out: str | None, new_version: bool) -> None:
    """Report in order; strike and accept in the order of the turns, some only after the month."""
    await db.execute("SELECT reset_all()")
    await at(STARTS - timedelta(days=1))
    desk = ("OP", "林芳", "manager", "总部/运营", "", "operations")
    await bring_in([*PEOPLE, desk])
    await launch(PLAN.format(version=1) + HONOURS)
    told = []
    for nth, each in enumerate(history):
        await at(each.when)
        if new_version and nth == len(history) // 2:
            dearer = PLAN.format(version=2).replace("points = 2", "points = 7")
            await plans.draft(dearer + HONOURS, None)
            await plans.launch("wall", 2, None)
        said = Report(plan="wall", kind=each.kind, customer=each.customer)
        reported = await actions.report(await person_id(each.code), said)
        told.append((each.turn, reported.action, each.verdict))
    await at(CLOSES - MS)
    if opted_out is not None:
        await rights.opt_out(await person_id(opted_out))
    op = await person_id("OP")
    for _, action, verdict in sorted(told):
        if verdict is not None:
            await actions.decide(action, op, verdict, "not so")  # type: ignore[arg-type]
    await at(CLOSES)


async def check(history: list[Sent], opted_out: str | None, new_version: bool) -> None:
    await live(history, opted_out, new_version)
    for one in [each for each in await queries.running() if each.starts == STARTS]:
        assert await rounds.move(one.id)
        rule = await queries.rule_of(one)
        tallied = await folded(one, rule)
        counted = await results.tallies(one, rule)
        assert sorted(map(str, counted)) == sorted(map(str, tallied)), "also when they got there"
        frozen = await db.rows(
            queries.Frozen,
            "SELECT subject, rank, score, is_top FROM honour_place WHERE round = $1",
            one.id,
        )
        assert {(str(each.subject), each.rank, each.exact, each.is_top) for each in frozen} == {
            (each.who, each.rank, each.score, each.is_top) for each in rules.places(rule, tallied)
        }
        event(f"{one.honour}: {len(frozen)} places")
    assert await verify() == []


async def folded(one: Round, rule: HonourRule) -> list[rules.Tally]:
    """What the rules count in the whole history, decided from the beginning."""
    assert rule.metric is not None
    everybody = await db.column("SELECT id::text FROM person")
    facts = await db.rows(
        ActionFact,
        "SELECT id::text AS action, person::text, kind, customer, happened_at, received_at, verdict"
        " FROM action",
    )
    versions = await plan_queries.versions("wall", STARTS - timedelta(days=1))
    decisions = fold(versions, everybody, facts)
    taking_part = set(await db.column("SELECT id::text FROM person WHERE NOT opted_out"))
    tallied = rules.tallies(rules.counted(rule.metric, one.span, decisions), taking_part)
    return rules.team_tallies(tallied, await teams()) if rule.who == "team" else tallied


async def teams() -> dict[str, list[str]]:
    """Who is in a team with at least one colleague who takes part."""
    found: dict[str, list[str]] = {}
    async with db.connection() as one:
        for each in await one.fetch("SELECT unit, id FROM person WHERE NOT opted_out"):
            found.setdefault(str(each["unit"]), []).append(str(each["id"]))
    return {unit: members for unit, members in found.items() if len(members) > 1}


def test_a_frozen_result_is_the_fold_of_the_whole_history(settings: Settings) -> None:
    with commanding(settings) as run:

        @bounds(max_examples=HISTORIES, deadline=None, suppress_health_check=list(HealthCheck))
        @given(histories, st.none() | st.sampled_from(CODES), st.booleans())
        def holds(history: list[Sent], opted_out: str | None, new_version: bool) -> None:
            run(check(history, opted_out, new_version))

        holds()


async def test_the_database_serves_the_same_people(pool: None) -> None:
    """The helper above counts units as the product does."""
    await bring_in(PEOPLE)
    found = {str(each.id): sorted(map(str, each.members)) for each in await subjects.teams()}
    assert found == {unit: sorted(members) for unit, members in (await teams()).items()}
