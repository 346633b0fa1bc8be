"""From what was done to a title: rounds by the clock, one award each, what comes with it."""

import asyncio
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from game.errors import RuleViolation
from server.actions import commands as actions
from server.actions.commands import Report
from server.honours import commands, queries, rounds, subjects
from server.kit import db
from server.ledger.verification import verify
from server.people import rights
from tests.support.cast import launch, person_id
from tests.support.eventually import eventually
from tests.support.field import wallets
from tests.support.honours import (
    BY_DECISION,
    BY_VOTE,
    ENDS,
    MIDDLE,
    MS,
    PLAN,
    STARTS,
    act,
    by_rule,
    close,
    go_to,
    honour,
    open_wall,
    round_of,
    top_of,
)
from tests.support.services import Clock

pytestmark = pytest.mark.usefixtures("app")


async def ids_of(*codes: str) -> list[UUID]:
    return [await person_id(code) for code in codes]


async def refused(work: Coroutine[Any, Any, Any], code: str) -> None:
    with pytest.raises(RuleViolation) as told:
        await work
    assert told.value.code == code


async def test_a_round_runs_from_midnight_to_midnight_of_the_zone(clock: Clock) -> None:
    await open_wall(clock, honour("board", by_rule()), honour("year", by_rule(), period="year"))
    one, year = await round_of("board"), await round_of("year")
    assert (one.starts, one.ends) == (STARTS, ENDS)
    assert one.closes == ENDS + timedelta(days=3)
    assert (year.starts, year.ends) == (
        datetime.fromisoformat("2026-01-01T00:00+08:00"),
        datetime.fromisoformat("2027-01-01T00:00+08:00"),
    )


@pytest.mark.parametrize(
    ("moment", "counts"),
    [(STARTS - MS, False), (STARTS, True), (ENDS - MS, True), (ENDS, False)],
)
async def test_what_counts_was_received_in_the_half_open_month(
    clock: Clock, moment: datetime, counts: bool
) -> None:
    await open_wall(clock, honour("board", by_rule()), at=STARTS - timedelta(days=2))
    await go_to(clock, moment)
    await act("MEI")
    await go_to(clock, max(moment, STARTS))
    one = await close(clock, await round_of("board", MIDDLE))
    assert await top_of(one) == (await ids_of("MEI") if counts else [])


async def test_what_is_worth_nothing_moves_nobody_behind_an_equal(clock: Clock) -> None:
    terms = by_rule("points", ("call", "nod"), top=1, tie="first_to_reach")
    await open_wall(clock, honour("board", terms))
    for code, kind in (("MEI", "call"), ("BAO", "call"), ("MEI", "nod")):
        await act(code, kind)
        await clock.advance(minutes=1)
    one = await close(clock, await round_of("board"))
    assert await top_of(one) == await ids_of("MEI")


async def test_reviews_after_the_period_count_until_it_closes(clock: Clock) -> None:
    await open_wall(clock, honour("board", by_rule()))
    said = Report(plan="wall", kind="call", customer="")
    early = await actions.report(await person_id("MEI"), said)
    late = await actions.report(await person_id("BAO"), said)
    one = await round_of("board")
    await clock.set(one.closes - MS)
    await actions.decide(early.action, await person_id("OP"), "accepted")
    await close(clock, one)
    await actions.decide(late.action, await person_id("OP"), "accepted")
    assert await top_of(one) == await ids_of("MEI")


async def test_the_next_round_opens_with_its_period_and_a_lost_one_late(clock: Clock) -> None:
    await open_wall(clock, honour("board", by_rule()))
    await go_to(clock, ENDS + timedelta(days=40))
    found = await _rows("SELECT starts, state FROM honour_round ORDER BY starts")
    assert [each["state"] for each in found] == ["closed", "closed", "open"]
    assert found[0]["starts"] == STARTS


async def test_a_new_version_changes_the_round_that_follows(clock: Clock) -> None:
    await open_wall(clock, honour("board", by_rule(top=1)))
    await launch(PLAN.format(version=2) + honour("board", by_rule(top=3)))
    assert (await round_of("board")).plan_version == 1
    await go_to(clock, ENDS)
    assert (await round_of("board", ENDS)).plan_version == 2


async def _rows(sql: str, *arguments: object) -> list[asyncpg.Record]:
    async with db.connection() as one:
        return list(await one.fetch(sql, *arguments))


async def test_a_person_awards_once_and_points_arrive(clock: Clock) -> None:
    await open_wall(clock, honour("board", by_rule(top=1), reward="points 100"))
    await act("MEI")
    one = await round_of("board")
    mei, op, bao = await ids_of("MEI", "OP", "BAO")
    await refused(commands.award(one.id, mei, op, "why"), "honour_not_closed")
    await close(clock, one)
    await refused(commands.award(one.id, bao, op, "why"), "not_a_candidate")
    await refused(commands.award(one.id, mei, op, " "), "reason_missing")
    await refused(commands.award(one.id, mei, mei, "why"), "own_honour")
    award = await commands.award(one.id, mei, op, "first")
    await refused(commands.award(one.id, mei, op, "again"), "already_awarded")
    assert (await wallets())["MEI"] == 2 + 100
    told = await db.column("SELECT kind FROM notice WHERE person = $1 ORDER BY kind", mei)
    assert told == ["honour_awarded", "honour_story_asked"]
    kept = await _rows("SELECT verb, reason, actor FROM audit_record WHERE subject = $1",
                       f"honour:{award}")  # fmt: skip
    assert [tuple(each) for each in kept] == [("award_honour", "first", op)]
    assert await verify() == []


async def test_two_who_award_at_once_award_once(clock: Clock) -> None:
    await open_wall(clock, honour("board", by_rule(top=1), reward="points 100"))
    await act("MEI")
    one = await close(clock, await round_of("board"))
    mei, *awarders = await ids_of("MEI", "OP", "XU", "AD", "BAO")
    told = await asyncio.gather(
        *(commands.award(one.id, mei, by, f"by {by}") for by in awarders), return_exceptions=True
    )
    codes = [each.code for each in told if isinstance(each, RuleViolation)]
    assert codes == ["already_awarded"] * 3
    assert (await wallets())["MEI"] == 102
    assert await db.value("SELECT count(*) FROM transfer WHERE kind = 'honour'") == 1
    assert await verify() == []


async def test_revoking_takes_back_what_came_with_it(clock: Clock) -> None:
    await open_wall(clock, honour("board", by_rule(top=1), reward="points 100"))
    await act("MEI")
    one = await close(clock, await round_of("board"))
    mei, op = await ids_of("MEI", "OP")
    award = await commands.award(one.id, mei, op, "first")
    await refused(commands.revoke(award, mei, "mine"), "own_honour")
    await refused(commands.revoke(award, op, ""), "reason_missing")
    await commands.revoke(award, op, "it was a mistake")
    await refused(commands.revoke(award, op, "again"), "honour_revoked")
    await refused(commands.award(one.id, mei, op, "after all"), "already_awarded")
    assert (await wallets())["MEI"] == 2
    back = await _rows(
        "SELECT kind, reverses FROM transfer WHERE kind LIKE 'honour%' ORDER BY kind"
    )
    assert [each["kind"] for each in back] == ["honour", "honour_back"]
    assert back[1]["reverses"] is not None
    assert await queries.awarded_rounds() == []
    assert await verify() == []


async def test_career_points_never_mix_with_points(clock: Clock) -> None:
    await open_wall(clock, honour("board", by_rule(top=1), period="quarter", reward="career 20"))
    await act("MEI")
    one = await close(clock, await round_of("board"))
    mei, op = await ids_of("MEI", "OP")
    award = await commands.award(one.id, mei, op, "first")
    assert (await wallets("career"), (await wallets())["MEI"]) == ({"MEI": 20}, 2)
    await commands.revoke(award, op, "mistake")
    assert await wallets("career") == {}
    kinds = await db.column("SELECT kind FROM transfer WHERE kind LIKE 'career%' ORDER BY kind")
    assert kinds == ["career", "career_back"]


async def test_a_team_wins_by_what_its_members_do_on_average(clock: Clock) -> None:
    await open_wall(clock, honour("team", by_rule(top=1), period="quarter", who="team"))
    await rights.opt_out(await person_id("XU"))
    for code in ("MEI", "BAO", "BAO", "CHEN", "CHEN", "CHEN", "CHEN", "AN", "AN", "AN", "AN"):
        await act(code)
    one = await close(clock, await round_of("team"))
    # 3 a head in the first team, 4 in the second; of the third only one takes part: no team.
    [first] = await queries.top(one)
    assert first.exact == 4
    assert [each.name for each in (await subjects.known("team", [first.subject])).values()] == [
        "二队"
    ]


async def test_both_teams_that_are_equal_are_in_the_top(clock: Clock) -> None:
    await open_wall(
        clock,
        honour("team", by_rule(top=1), period="quarter", who="team", reward="cash 30001"),
    )
    for code in ("MEI", "BAO", "CHEN", "CHEN", "AN"):
        await act(code)
    one = await close(clock, await round_of("team"))
    op = await person_id("OP")
    assert len(await top_of(one)) == 2
    for team in await top_of(one):
        await commands.award(one.id, team, op, "together")
    cash = await wallets("cash")
    assert sorted(cash.values()) == [15000, 15000, 15001, 15001]
    assert set(cash) == {"MEI", "BAO", "CHEN", "DAI"}
    assert await verify() == []


async def test_nominated_by_colleagues_and_decided_by_a_person(clock: Clock) -> None:
    await open_wall(clock, honour("friend", BY_DECISION, reward="points 50"))
    one = await round_of("friend")
    mei, bao, an, chen, op = await ids_of("MEI", "BAO", "AN", "CHEN", "OP")
    await commands.nominate(one.id, bao, "梅雨薇", "她带了新人")
    await refused(commands.nominate(one.id, bao, "MEI", "again"), "already_nominated")
    await commands.nominate(one.id, an, "MEI", "她总在")
    await commands.nominate(one.id, an, "CHEN", "他也在")
    await refused(commands.nominate(one.id, mei, "MEI", "me"), "own_nomination")
    await refused(commands.nominate(one.id, mei, "没有这个人", "x"), "colleague_unknown")
    await refused(commands.nominate(one.id, mei, "BAO", "  "), "sentence_missing")
    await refused(commands.nominate(one.id, mei, "BAO", "x" * 201), "sentence_too_long")
    told = await db.column("SELECT facts->>'sentence' FROM notice WHERE person = $1", mei)
    assert set(told) == {"她带了新人", "她总在"}
    await close(clock, one)
    await refused(commands.nominate(one.id, mei, "BAO", "late"), "nominations_closed")
    assert set(await top_of(one)) == {mei, chen}
    await commands.award(one.id, chen, op, "for what colleagues said")
    await refused(commands.award(one.id, mei, op, "too"), "all_awarded")


async def test_one_colleague_nominates_five_however_quick(clock: Clock) -> None:
    await open_wall(clock, honour("idea", BY_VOTE))
    one = await round_of("idea")
    bao = await person_id("BAO")
    named = ["MEI", "CHEN", "DAI", "AN", "XU", "OP", "AU"]
    told = await asyncio.gather(
        *(commands.nominate(one.id, bao, each, "点子") for each in named), return_exceptions=True
    )
    codes = [each.code for each in told if isinstance(each, RuleViolation)]
    assert codes == ["nominations_spent"] * 2
    assert await db.value("SELECT count(*) FROM honour_nomination") == 5


async def test_votes_are_one_each_secret_and_can_change_until_it_closes(clock: Clock) -> None:
    await open_wall(clock, honour("idea", BY_VOTE))
    one = await round_of("idea")
    mei, bao, an, chen = await ids_of("MEI", "BAO", "AN", "CHEN")
    await commands.nominate(one.id, bao, "MEI", "点子")
    await commands.nominate(one.id, mei, "BAO", "点子")
    await refused(commands.vote(one.id, an, mei), "voting_closed")
    await go_to(clock, one.ends)
    await refused(commands.nominate(one.id, an, "CHEN", "late"), "nominations_closed")
    assert await db.value("SELECT count(*) FROM notice WHERE kind = 'honour_vote_open'") == 11
    await refused(commands.vote(one.id, mei, mei), "own_vote")
    await refused(commands.vote(one.id, mei, chen), "not_a_candidate")
    await commands.vote(one.id, an, bao)
    await commands.vote(one.id, an, mei)
    await commands.vote(one.id, chen, mei)
    await commands.vote(one.id, mei, bao)
    assert await queries.vote_of(one, an) == mei
    kept = str(await _rows("SELECT * FROM honour_vote"))
    assert str(bao) in kept
    assert str(an) not in kept
    assert str(chen) not in kept
    await clock.set(one.closes - MS)
    await commands.vote(one.id, mei, bao)
    await close(clock, one)
    await refused(commands.vote(one.id, an, bao), "voting_closed")
    [first] = await queries.top(one)
    assert (first.subject, first.exact) == (mei, 2)


async def test_many_votes_of_one_at_once_are_one(clock: Clock) -> None:
    await open_wall(clock, honour("idea", BY_VOTE))
    one = await round_of("idea")
    mei, bao, an = await ids_of("MEI", "BAO", "AN")
    await commands.nominate(one.id, bao, "MEI", "点子")
    await commands.nominate(one.id, mei, "BAO", "点子")
    await go_to(clock, one.ends)
    await asyncio.gather(*(commands.vote(one.id, an, each) for each in (mei, bao) * 10))
    assert await db.value("SELECT count(*) FROM honour_vote") == 1


async def test_a_vote_that_waited_past_the_close_does_not_count(
    clock: Clock, control: asyncpg.Connection
) -> None:
    await open_wall(clock, honour("idea", BY_VOTE))
    one = await round_of("idea")
    mei, bao, an = await ids_of("MEI", "BAO", "AN")
    await commands.nominate(one.id, bao, "MEI", "点子")
    await go_to(clock, one.closes - MS)
    async with control.transaction():
        await control.execute("SELECT FROM honour_round WHERE id = $1 FOR UPDATE", one.id)
        voting = asyncio.create_task(commands.vote(one.id, an, mei))
        await _waits(voting)
        await control.execute("UPDATE test_clock SET moment = $1", one.closes)
    await refused(_result(voting), "voting_closed")


async def _waits(task: "asyncio.Task[Any]") -> None:
    async def is_held() -> bool:
        return bool(
            await db.value("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        )

    await eventually(is_held, why="the vote never waited")
    assert not task.done()


async def _result(task: "asyncio.Task[Any]") -> Any:
    return await task


async def test_who_opts_out_is_not_found_and_gets_nothing(clock: Clock) -> None:
    await open_wall(clock, honour("board", by_rule(top=3)), honour("idea", BY_VOTE))
    one, idea = await round_of("board"), await round_of("idea")
    mei, bao, an, op = await ids_of("MEI", "BAO", "AN", "OP")
    for code in ("MEI", "BAO", "AN"):
        await act(code)
    await commands.nominate(idea.id, bao, "MEI", "点子")
    await rights.opt_out(mei)
    await refused(commands.nominate(idea.id, an, "MEI", "x"), "colleague_unknown")
    await refused(commands.nominate(idea.id, mei, "BAO", "x"), "opted_out")
    await go_to(clock, one.ends)
    await refused(commands.vote(idea.id, an, mei), "not_a_candidate")
    await close(clock, one)
    assert set(await top_of(one)) == {bao, an}
    await rights.opt_out(bao)
    assert await top_of(one) == [an]
    await refused(commands.award(one.id, bao, op, "why"), "not_a_candidate")
    await commands.award(one.id, an, op, "why")
    await rights.opt_out(an)
    assert await queries.awarded_rounds() == []


async def test_a_round_moves_once_whoever_asks(clock: Clock) -> None:
    await open_wall(clock, honour("idea", BY_VOTE))
    one = await round_of("idea")
    await commands.nominate(one.id, await person_id("BAO"), "MEI", "点子")
    await clock.set(one.ends)
    moved = await asyncio.gather(*(rounds.move(one.id) for _ in range(5)))
    assert sorted(moved) == [False] * 4 + [True]
