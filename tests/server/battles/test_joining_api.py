"""Sides and stakes: taken and given back until the start, by rank, by whoever pays (E1, E4)."""

import asyncio
from datetime import datetime
from typing import Any

import httpx
import pytest

from server.battles import commands, queries
from server.kit import db
from server.ledger.verification import verify
from server.people import rights
from tests.support.cast import Cast, person_id
from tests.support.field import (
    EVE,
    STARTS,
    TICK,
    begin,
    earn,
    escrow,
    everything,
    open_field,
    wallets,
)
from tests.support.services import Clock

OWN_STAKES = {"funded_by": "member", "asset": "points", "stakes": (10, 20, 30)}


@pytest.fixture
def cast(client: httpx.AsyncClient) -> Cast:
    return Cast(client)


def membership(battle: object) -> str:
    return f"/api/battles/{battle}/membership"


async def join(cast: Cast, battle: object, code: str, side: str) -> httpx.Response:
    return await cast.send("PUT", code, membership(battle), {"side": side})


async def leave(cast: Cast, battle: object, code: str) -> httpx.Response:
    return await cast.send("DELETE", code, membership(battle))


async def sides(battle: Any) -> dict[str, str]:
    return {each.code: each.side for each in await queries.roster(battle)}


def assert_refused(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["error"]) == (status, code), answer.text


async def test_where_the_company_stakes_everybody_has_a_side_from_the_file(
    cast: Cast, clock: Clock
) -> None:
    battle = await open_field(clock, sponsor=50)
    assert await sides(battle) == {"MEI": "一队", "BAO": "一队", "CHEN": "二队", "DAI": "二队"}
    assert await escrow(battle) == 100 + 200 + 300 + 100 + 50
    assert (await leave(cast, battle, "BAO")).is_success
    assert await escrow(battle) == 100 + 300 + 100 + 50
    assert (await join(cast, battle, "BAO", "二队")).is_success
    assert (await join(cast, battle, "AN", "一队")).is_success
    assert await escrow(battle) == 100 + 200 + 300 + 100 + 100 + 50
    pot = await db.value("SELECT pot FROM board WHERE id = $1", battle)
    assert pot == {"asset": "cash", "total": 850}
    assert await wallets("cash") == {}
    assert await verify() == []


async def test_a_member_stakes_what_the_rank_says(cast: Cast, clock: Clock) -> None:
    battle = await open_field(clock, **OWN_STAKES)
    assert await sides(battle) == {}, "nobody is made to stake their own"
    for code in ("MEI", "BAO", "CHEN"):
        await earn(code, 40)
    for code, side in (("MEI", "一队"), ("BAO", "二队"), ("CHEN", "二队")):
        assert (await join(cast, battle, code, side)).is_success
    assert await wallets() == {"MEI": 30, "BAO": 20, "CHEN": 10}
    assert await escrow(battle) == 60
    # A later promotion moves no stake.
    await db.execute("UPDATE person SET rank = 'manager' WHERE code = 'MEI'")
    assert [each.stake for each in await queries.roster(battle)] == [20, 30, 10]
    assert (await leave(cast, battle, "MEI")).is_success
    assert await wallets() == {"MEI": 40, "BAO": 20, "CHEN": 10}
    assert_refused(await join(cast, battle, "DAI", "一队"), 409, "stake_not_covered")
    await earn("DAI", 8)
    before = await everything()
    assert_refused(await join(cast, battle, "DAI", "一队"), 409, "stake_not_covered")
    assert await everything() == before
    await earn("DAI", 2)
    assert (await join(cast, battle, "DAI", "一队")).is_success
    assert (await wallets()).get("DAI", 0) == 0
    assert await verify() == []


async def test_each_wrong_side_is_refused_and_changes_nothing(cast: Cast, clock: Clock) -> None:
    battle = await open_field(clock)
    await rights.opt_out(await person_id("AN"))
    nowhere = "00000000-0000-7000-8000-000000000000"
    before = await everything()
    refusals: list[tuple[str, object, str, int, str]] = [
        ("MEI", battle, "一队", 409, "already_joined"),
        ("MEI", battle, "二队", 409, "already_in_another_side"),
        ("OP", battle, "三队", 422, "side_unknown"),
        ("OP", battle, "", 422, "side_unknown"),
        ("AN", battle, "一队", 409, "opted_out"),
        ("OP", nowhere, "一队", 404, "battle_unknown"),
        ("OP", battle, "队" * 65, 400, "malformed"),
        ("OP", battle, "\0", 422, "side_unknown"),
    ]
    for code, where, side, status, refusal in refusals:
        assert_refused(await join(cast, where, code, side), status, refusal)
    assert_refused(await leave(cast, battle, "OP"), 409, "not_a_member")
    assert_refused(await leave(cast, nowhere, "OP"), 404, "battle_unknown")
    assert await everything() == before


@pytest.mark.parametrize("late", [STARTS, STARTS + TICK])
async def test_from_the_start_sides_and_stakes_are_fixed(
    cast: Cast, clock: Clock, late: datetime
) -> None:
    battle = await open_field(clock)
    await clock.set(late)
    before = await everything()
    # The job of the start may be late: the clock decides, not the state.
    assert_refused(await join(cast, battle, "OP", "一队"), 409, "joining_closed")
    assert_refused(await leave(cast, battle, "MEI"), 409, "joining_closed")
    assert await everything() == before
    assert await commands.start(battle)
    before = await everything()
    assert_refused(await join(cast, battle, "OP", "一队"), 409, "joining_closed")
    assert_refused(await leave(cast, battle, "MEI"), 409, "joining_closed")
    assert await everything() == before


async def test_until_the_start_they_are_not(cast: Cast, clock: Clock) -> None:
    battle = await open_field(clock)
    await clock.set(STARTS - TICK)
    assert not await commands.start(battle)
    assert (await join(cast, battle, "OP", "一队")).is_success
    assert (await leave(cast, battle, "MEI")).is_success
    await begin(clock, battle)
    assert await db.value("SELECT max(joined_at) < $1 FROM battle_member", STARTS)


async def test_nobody_gets_onto_two_sides_at_once(cast: Cast, clock: Clock) -> None:
    battle = await open_field(clock, **OWN_STAKES)
    await earn("MEI", 40)
    answers = await asyncio.gather(
        *[join(cast, battle, "MEI", side) for side in ["一队", "二队"] * 5]
    )
    assert sorted(each.status_code for each in answers) == [201] + [409] * 9
    assert await wallets() == {"MEI": 30}
    assert await escrow(battle) == 10


async def test_joining_and_leaving_at_once_keep_stake_and_side_together(
    cast: Cast, clock: Clock
) -> None:
    battle = await open_field(clock, **OWN_STAKES)
    await earn("MEI", 20)
    for _ in range(3):
        await asyncio.gather(
            *[join(cast, battle, "MEI", "一队") for _ in range(4)],
            *[leave(cast, battle, "MEI") for _ in range(4)],
        )
        joined = len(await queries.roster(battle))
        assert await escrow(battle) == 10 * joined
        assert await wallets() == {"MEI": 20 - 10 * joined}
    assert await verify() == []


async def test_points_staked_once_are_not_staked_again(cast: Cast, clock: Clock) -> None:
    """Sixteen members with one wallet's worth each, all at once; none goes below zero."""
    battle = await open_field(clock, **OWN_STAKES)
    for code in ("MEI", "BAO", "CHEN", "DAI"):
        await earn(code, 30)
    codes = [("MEI", "一队"), ("BAO", "一队"), ("CHEN", "二队"), ("DAI", "二队")]
    await asyncio.gather(*[join(cast, battle, code, side) for code, side in codes * 4])
    assert await escrow(battle) == 10 + 20 + 30 + 10
    assert await wallets() == {"MEI": 20, "BAO": 10, "DAI": 20}
    assert EVE < STARTS
    assert await verify() == []
