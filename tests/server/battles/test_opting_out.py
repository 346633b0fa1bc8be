"""Who opts out is on no side and no board, and saves no stake by it (A6)."""

import asyncio

import pytest

from game.errors import RuleViolation
from server import wiring
from server.actions import commands as actions
from server.battles import commands, queries
from server.kit import db
from server.ledger.verification import verify
from server.people import rights
from tests.support.cast import DESK, bring_in, launch, person_id
from tests.support.field import (
    CUT_OFF,
    EVE,
    FIGHTERS,
    act,
    begin,
    close,
    escrow,
    open_field,
    plan_text,
    wallets,
)
from tests.support.services import Clock


@pytest.fixture(autouse=True)
def _wired(pool: None) -> None:
    wiring.wire()


async def codes(battle: object) -> list[str]:
    return [each.code for each in await queries.roster(battle)]  # type: ignore[arg-type]


async def test_before_the_start_the_stake_comes_back(clock: Clock) -> None:
    battle = await open_field(clock, funded_by="member", asset="points", stakes=(4, 4, 4))
    for code, side in (("MEI", "一队"), ("CHEN", "二队")):
        await act(code)
        await act(code)
        await commands.join(battle, await person_id(code), side)
    await rights.opt_out(await person_id("MEI"))
    assert await codes(battle) == ["CHEN"]
    assert await wallets() == {"MEI": 4}
    assert await escrow(battle) == 4
    assert await verify() == []


async def test_after_the_start_the_company_s_stake_leaves_the_pot(clock: Clock) -> None:
    battle = await open_field(clock)
    await begin(clock, battle)
    await act("MEI")
    await act("CHEN", "visit", "C-1")
    waiting = await act("MEI", by=None)
    await rights.opt_out(await person_id("MEI"))
    assert await codes(battle) == ["BAO", "CHEN", "DAI"]
    assert await escrow(battle) == 600
    standing = await db.value(
        "SELECT score FROM standing WHERE person = $1", await person_id("MEI")
    )
    assert standing == 0
    assert await wallets() == {"MEI": 2, "CHEN": 5}, "points are for good"
    assert await verify() == []
    # What of theirs still waits is the desk's, and holds nothing up.
    await close(clock, battle)
    settled = await commands.settle(battle, await person_id("AU"))
    assert settled.result
    assert settled.result["payouts"] == {"CHEN": 600}
    assert await verify() == []
    await actions.decide(waiting, await person_id("OP"), "accepted")
    assert await wallets() == {"MEI": 4, "CHEN": 5}
    assert await verify() == []


async def test_after_the_start_nobody_saves_their_own_stake(clock: Clock) -> None:
    battle = await open_field(
        clock, funded_by="member", asset="points", stakes=(4, 4, 4), share="equal"
    )
    for code, side in (("MEI", "一队"), ("CHEN", "二队")):
        await act(code)
        await act(code)
        await commands.join(battle, await person_id(code), side)
    await begin(clock, battle)
    await act("CHEN")
    await rights.opt_out(await person_id("MEI"))
    assert await codes(battle) == ["CHEN", "MEI"]
    assert await escrow(battle) == 8
    await close(clock, battle)
    await commands.settle(battle, await person_id("AU"))
    assert await wallets() == {"CHEN": 10}
    assert await verify() == []


@pytest.mark.parametrize("state", ["final", "void"])
async def test_after_the_end_nothing_moves(clock: Clock, state: str) -> None:
    battle = await open_field(clock)
    await begin(clock, battle)
    if state == "final":
        await act("MEI")
    await close(clock, battle)
    settled = await commands.settle(battle, await person_id("AU"))
    assert settled.state == state
    before = await wallets("cash"), settled
    await rights.opt_out(await person_id("MEI"))
    assert (await wallets("cash"), await queries.battle(battle)) == before
    assert settled.settled_at == CUT_OFF
    assert await verify() == []


async def test_who_opts_out_is_on_no_roster_of_the_next_battle(clock: Clock) -> None:
    await clock.set(EVE)
    await bring_in([*FIGHTERS, *DESK])
    await rights.opt_out(await person_id("MEI"))
    [battle] = await launch(plan_text())
    assert await codes(battle) == ["BAO", "CHEN", "DAI"]


async def test_opting_out_while_joining_leaves_no_side(clock: Clock) -> None:
    battle = await open_field(clock)
    mei, an = await person_id("MEI"), await person_id("AN")
    for _ in range(3):
        ends = await asyncio.gather(
            rights.opt_out(an), commands.join(battle, an, "一队"), rights.opt_out(mei),
            return_exceptions=True,
        )  # fmt: skip
        assert {each.code for each in ends if isinstance(each, RuleViolation)} <= {"opted_out"}
        assert [each for each in ends if isinstance(each, Exception)] == [
            each for each in ends if isinstance(each, RuleViolation)
        ]
        assert await codes(battle) == ["BAO", "CHEN", "DAI"]
        assert await escrow(battle) == 600
        for person in (an, mei):
            await rights.opt_in(person)
        await commands.join(battle, mei, "一队")
    assert await verify() == []
