"""Whatever is reported, decided, overturned and launched in whatever order: what is held is the
fold over the whole history, from the actions as they were received and the verdicts they have."""

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from hypothesis import HealthCheck, given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from game import points
from game.badges import Arrived, Fact, first_of, firsts, fold
from game.plan import in_force
from game.points import ActionFact
from server.actions import commands
from server.actions.commands import Report
from server.badges.verification import verify
from server.battles import commands as battles
from server.config import Settings
from server.kit import db
from server.ledger import verification as ledger
from server.plans import queries as plans
from tests.support.badges import BADGES, badges_text, recount
from tests.support.cast import bring_in, launch, person_id
from tests.support.field import FIGHTERS, STARTS, TIMES, at, commanding, plan_text

HISTORIES = 10 * TIMES
PEOPLE = ("MEI", "BAO", "CHEN")
CUT_OFF = STARTS + timedelta(days=40)
DESK = [
    ("OP", "林芳", "manager", "总部/运营", "", "operations"),
    ("AU", "郭总", "director", "总部", "", "audit"),
]


class Sent(NamedTuple):
    """A report, how long after the one before; which of those waiting is then decided, and how."""

    code: str
    kind: str
    customer: str
    after: timedelta
    turn: int
    verdict: str | None


sent = st.builds(
    Sent,
    st.sampled_from(PEOPLE),
    st.sampled_from(["call", "call", "chat", "visit", "visit"]),
    st.sampled_from(["", "A-1", "A-2"]),
    st.sampled_from([timedelta(0), timedelta(hours=8), timedelta(days=1), timedelta(days=3)]),
    st.integers(0, 5),
    st.sampled_from(["accepted", "accepted", "accepted", "struck", None]),
)
histories = st.lists(sent, min_size=3, max_size=12)
overturns = st.lists(
    st.tuples(st.integers(0, 11), st.sampled_from(["accepted", "struck"])), max_size=5
)
launches = st.tuples(st.integers(0, 11), st.sets(st.sampled_from(sorted(BADGES)), min_size=1))


async def play(
    history: list[Sent], later: tuple[int, set[str]], turned: list[tuple[int, str]]
) -> None:
    """Play a battle with badges to its end, and compare all along."""
    plans.forget()
    await db.execute("SELECT reset_all()")
    await at(STARTS - timedelta(days=1))
    await bring_in([*FIGHTERS, *DESK])
    text = plan_text(cut_off=CUT_OFF) + badges_text("caller", "drop", "banner", "drum")
    [battle] = await launch(text)
    await at(STARTS)
    await battles.start(battle)
    done = await _report(history, later)
    await at(CUT_OFF)
    await battles.freeze(battle)
    for number, verdict in turned:
        await _decide(done[number % len(done)], verdict, battle)
        await compare(battle)
    for action in await db.column("SELECT id FROM action WHERE outcome = 'pending'"):
        await _decide(action, "accepted", battle)
    while await db.value("SELECT EXISTS (SELECT FROM action WHERE outcome = 'pending')"):
        await _decide(
            await db.value("SELECT id FROM action WHERE outcome = 'pending'"), "struck", battle
        )
    await battles.settle(battle, await person_id("AU"))
    await compare(battle)
    assert await verify() == []
    assert await ledger.verify() == []


async def _report(history: list[Sent], later: tuple[int, set[str]]) -> list[UUID]:
    now, done, waiting = STARTS, [], []
    for number, each in enumerate(history):
        now += each.after
        await at(now)
        if number == later[0]:
            again = plan_text(version=2, cut_off=CUT_OFF) + badges_text(*later[1])
            await launch(again)
            await recount()
        said = Report(plan="field", kind=each.kind, customer=each.customer)
        done.append((await commands.report(await person_id(each.code), said)).action)
        waiting.append(done[-1])
        if each.verdict is not None:
            await _decide(waiting.pop(each.turn % len(waiting)), each.verdict)
        await compare()
    return done


async def _decide(action: UUID, verdict: str, battle: UUID | None = None) -> None:
    by = await person_id("AU" if battle else "OP")
    if await db.value("SELECT verdict FROM action WHERE id = $1", action) != verdict:
        await commands.decide(action, by, verdict, "not so", auditing=battle)  # type: ignore[arg-type]


async def compare(battle: UUID | None = None) -> None:
    """Everybody holds what the rules make of all the actions there are."""
    versions = await plans.versions("field", STARTS - timedelta(days=2))
    actions = await db.rows(
        ActionFact,
        "SELECT id::text AS action, person::text, kind, customer, happened_at, received_at, verdict"
        " FROM action",
    )
    people = [str(person) for person in await db.column("SELECT id FROM person")]
    decided = points.fold(versions, people, actions)
    won = await _won(battle)
    is_first = _firsts(versions, decided)
    due = set()
    for person in people:
        mine = [
            Fact("action", each.action, each.fact.received_at, each.fact.kind, each.points)
            for each in decided
            if each.outcome == "scored" and each.fact.person == person
        ]
        for award in fold(versions, mine + won.get(person, []), is_first):
            due.add((person, award.badge, award.tier, award.version, award.at, award.fact.id))
    async with db.connection() as one:
        stored = await one.fetch(
            "SELECT person::text, badge, tier, plan_version, reached_at, fact FROM badge_award"
            " WHERE revoked_at IS NULL"
        )
    assert {tuple(each.values()) for each in stored} == due


def _firsts(versions, decided):
    company = [
        Arrived(each.action, each.fact.kind, each.fact.received_at, each.outcome == "scored")
        for each in decided
        if each.outcome in {"scored", "pending"}
    ]
    zone = in_force(versions, CUT_OFF).zone
    return {
        (first_of(rule), action)
        for _, plan in versions
        for rule in plan.badges.values()
        if rule.by == "first"
        for action in firsts(rule, zone, company)
    }


async def _won(battle: UUID | None) -> dict[str, list[Fact]]:
    async with db.connection() as one:
        found = await one.fetch(
            "SELECT m.person::text, b.settled_at FROM battle b JOIN battle_member m"
            " ON m.battle = b.id WHERE b.id = $1 AND b.result->>'state' = 'final'"
            " AND m.side = b.result->'winners'->>0",
            battle,
        )
    return {each["person"]: [Fact("battle", str(battle), each["settled_at"])] for each in found}


def test_what_is_held_is_the_fold_over_the_whole_history(settings: Settings) -> None:
    with commanding(settings) as run:

        @bounds(max_examples=HISTORIES, deadline=None, suppress_health_check=list(HealthCheck))
        @given(histories, launches, overturns)
        def holds(history, later, turned) -> None:
            run(play(history, later, turned))

        holds()
