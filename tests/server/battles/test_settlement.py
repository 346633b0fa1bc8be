"""A pot is paid once and wholly, whatever its size, its rules and its ties (P6)."""

import asyncio
from typing import Any, NamedTuple

import httpx
from hypothesis import HealthCheck, given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from game import battles as rules
from server.actions import commands as actions
from server.battles import commands, queries
from server.config import Settings
from server.kit import db
from server.ledger.verification import verify
from tests.support.cast import DESK, Cast, bring_in, launch, person_id
from tests.support.field import (
    CUT_OFF,
    EVE,
    FIGHTERS,
    STARTS,
    TIMES,
    act,
    at,
    begin,
    close,
    commanding,
    escrow,
    open_field,
    plan_text,
    wallets,
)
from tests.support.services import Clock

BATTLES = 15 * TIMES
SIDE_OF = {"MEI": "一队", "BAO": "一队", "CHEN": "二队", "DAI": "二队", "AN": "三队"}


async def test_of_twenty_settlers_at_once_one_pays(client: httpx.AsyncClient, clock: Clock) -> None:
    cast = Cast(client)
    battle = await open_field(clock, share="equal", sponsor=1)
    await begin(clock, battle)
    await act("MEI")
    await close(clock, battle)
    settlers = ["AU", "AU2"] * 10
    answers = await asyncio.gather(
        *[cast.post(code, f"/api/battles/{battle}/settlement") for code in settlers]
    )
    assert sorted(each.status_code for each in answers) == [201] + [409] * 19
    assert {each.json().get("error") for each in answers} == {None, "already_settled"}
    assert await wallets("cash") == {"BAO": 351, "MEI": 350}
    assert await escrow(battle) == 0
    assert await db.value("SELECT count(*) FROM transfer WHERE kind = 'payout'") == 1
    assert await verify() == []


async def test_one_settler_who_taps_ten_times_gets_one_answer(
    client: httpx.AsyncClient, clock: Clock
) -> None:
    cast = Cast(client)
    battle = await open_field(clock)
    await begin(clock, battle)
    await act("MEI")
    await close(clock, battle)
    path = f"/api/battles/{battle}/settlement"
    answers = await asyncio.gather(*[cast.post("AU", path, key="tap") for _ in range(10)])
    last = await cast.post("AU", path, key="tap")
    assert last.status_code == 201
    assert last.json()["result"]["payouts"] == {"MEI": 700}
    for each in answers:
        assert each.json() == last.json() or each.json()["error"] == "still_running"


async def test_a_void_battle_gives_every_stake_back(
    client: httpx.AsyncClient, clock: Clock
) -> None:
    cast = Cast(client)
    battle = await open_field(
        clock, funded_by="member", asset="points", stakes=(2, 4, 6), sponsor=9
    )
    for code, calls in (("MEI", 1), ("BAO", 2), ("CHEN", 3)):
        for _ in range(calls):
            await act(code)
        path = f"/api/battles/{battle}/membership"
        assert (await cast.send("PUT", code, path, {"side": SIDE_OF[code]})).is_success
    assert (await wallets(), await escrow(battle)) == ({}, 21)
    await begin(clock, battle)
    await close(clock, battle)
    answer = await cast.post("AU", f"/api/battles/{battle}/settlement")
    result = answer.json()["result"]
    assert (answer.json()["state"], result["winners"], result["payouts"]) == ("void", [], {})
    assert result["pot"] == {"asset": "points", "stakes": 12, "sponsor": 9, "total": 21}
    assert await wallets() == {"MEI": 2, "BAO": 4, "CHEN": 6}
    assert await escrow(battle) == 0
    assert await verify() == []


class Terms(NamedTuple):
    """A battle: its rules, its stakes, what was done in it, and what was found false."""

    score: str
    tie: str
    share: str
    funded_by: str
    asset: str
    stakes: tuple[int, int, int]
    sponsor: int
    calls: dict[str, int]
    struck: int


sums = st.integers(0, 3) | st.integers(1, 10**4) | st.integers(1, 10**12)
few = st.integers(0, 8).map(lambda n: 2 * n)


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    own = draw(st.booleans())
    stake = few if own else sums
    return Terms(
        score=draw(st.sampled_from(["sum", "per_head", "best_n"])),
        tie=draw(st.sampled_from(["first_to_reach", "share"])),
        share=draw(st.sampled_from(["equal", "by_points", "by_stake"])),
        funded_by="member" if own else "company",
        asset="points" if own else draw(st.sampled_from(["points", "cash"])),
        stakes=(draw(stake), draw(stake), draw(stake)),
        sponsor=draw(sums),
        calls={code: draw(st.integers(0, 2)) for code in SIDE_OF},
        struck=draw(st.integers(0, 1)),
    )


async def fight(given_terms: Terms) -> None:
    """Play a battle through and hold its end against the rules of game/."""
    battle = await entered(given_terms)
    await at(STARTS)
    assert await commands.start(battle)
    done = [await act(code) for code, calls in given_terms.calls.items() for _ in range(calls)]
    await at(CUT_OFF)
    assert await commands.freeze(battle)
    await strike(battle, done[: given_terms.struck])
    had = await wallets(given_terms.asset)
    pot = await escrow(battle)

    one = await queries.battle(battle)
    rule = await queries.rule_of(one)
    members = queries.as_members(await queries.roster(battle))
    ended = rules.outcome(rule, members, await queries.scored(one))
    assert ended.pot.total == pot
    settled = await commands.settle(battle, await person_id("AU"))

    assert settled.state == ended.state
    assert await escrow(battle) == 0
    due = dict(ended.payouts)
    if ended.state == "void" and given_terms.funded_by == "member":
        due = {member.person: member.stake for member in members}
    if ended.state == "final":
        assert sum(ended.shares.values()) == sum(ended.payouts.values()) == pot
    after = {code: had.get(code, 0) + due.get(code, 0) for code in {*had, *due}}
    assert await wallets(given_terms.asset) == {code: sum_ for code, sum_ in after.items() if sum_}
    assert await verify() == []


async def entered(given_terms: Terms) -> Any:
    await db.execute("SELECT reset_all()")
    await at(EVE)
    people = [(*each[:4], SIDE_OF.get(each[0], ""), each[5]) for each in FIGHTERS]
    await bring_in([*people, *DESK])
    [battle] = await launch(
        plan_text(
            sides=("一队", "二队", "三队"), score=given_terms.score,
            best_n=2 if given_terms.score == "best_n" else None, tie=given_terms.tie,
            share=given_terms.share, funded_by=given_terms.funded_by, asset=given_terms.asset,
            stakes=given_terms.stakes, sponsor=given_terms.sponsor,
        )
    )  # fmt: skip
    if given_terms.funded_by == "member":
        by_rank = {"BAO": given_terms.stakes[1], "CHEN": given_terms.stakes[2]}
        for code, side in SIDE_OF.items():
            for _ in range(by_rank.get(code, given_terms.stakes[0]) // 2):
                await act(code)
            await commands.join(battle, await person_id(code), side)
    return battle


async def strike(battle: Any, false: list[Any]) -> None:
    for action in false:
        await actions.decide(action, await person_id("AU"), "struck", "false", auditing=battle)


def test_every_pot_is_paid_wholly_by_the_rules(settings: Settings) -> None:
    with commanding(settings) as run:

        @bounds(max_examples=BATTLES, deadline=None, suppress_health_check=list(HealthCheck))
        @given(terms())
        def holds(given_terms: Terms) -> None:
            run(fight(given_terms))

        holds()


async def test_nothing_is_settled_while_a_verdict_outside_could_change_the_score(
    client: httpx.AsyncClient, clock: Clock
) -> None:
    cast = Cast(client)
    battle = await open_field(clock)
    holder = await act("CHEN", "visit", "K-1", by=None)
    await begin(clock, battle)
    await act("DAI")
    blocked = await act("MEI", "visit", "K-1", by=None)
    await close(clock, battle)

    path = f"/api/battles/{battle}"
    refused = await cast.post("AU", f"{path}/settlement")
    assert (refused.status_code, refused.json()["facts"]) == (409, {"count": 1})
    assert (await cast.decide("OP", str(holder), "struck")).status_code == 201
    assert (await cast.post("AU", f"{path}/settlement")).json()["error"] == "still_pending"
    accepted = {"verdict": "accepted", "reason": ""}
    assert (await cast.post("AU", f"{path}/audit/{blocked}", accepted)).status_code == 201
    settled = await cast.post("AU", f"{path}/settlement")
    assert settled.json()["result"]["winners"] == ["一队"]
    assert await verify() == []
