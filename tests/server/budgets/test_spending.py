"""Budgets: what does not fit under a cap is refused whole, and people are told in time (G11)."""

import asyncio

import pytest

from game.errors import RuleViolation
from server.budgets import commands as budgets
from server.budgets import queries
from server.commissions import jobs
from server.kit import db, ids
from server.ledger.verification import verify
from tests.support.cast import launch
from tests.support.selling import (
    HEAD,
    STAFF,
    cash,
    later,
    open_shop,
    sell,
    states,
    take_back,
)

pytestmark = pytest.mark.usefixtures("app")

STORE = "华东/光谷店"
CAP = '\n[budgets]\ncampaign = 100000\nwarn_at = "80/100"\n'
STORE_CAP = '\n[budgets]\neach_store = 100000\nwarn_at = "80/100"\nstores = { "总部" = 7 }\n'


async def told() -> list[tuple[str, str]]:
    """Who was told of budgets, and what."""
    async with db.connection() as one:
        found = await one.fetch(
            "SELECT p.code, n.kind FROM notice n JOIN person p ON p.id = n.person"
            " WHERE n.kind LIKE 'budget%' ORDER BY n.id, p.code"
        )
    return [tuple(each) for each in found]


async def test_what_does_not_fit_waits_whole_and_is_told_once() -> None:
    await open_shop(HEAD + STAFF + CAP)
    await sell(49_000_00)
    await sell(2_000_00, made_at=later(1))
    await sell(3_000_00, made_at=later(2))
    assert await cash("R") == 980_00
    assert [each[:2] for each in await states()] == [
        ("due", ""), ("pending", "budget"), ("pending", "budget"),
    ]  # fmt: skip
    sums = await queries.sums("selling")
    assert (sums.spent, sums.promised) == (980_00, 100_00)
    assert sorted(await told()) == [
        ("FI", "budget_near"), ("FI", "budget_reached"),
        ("OP", "budget_near"), ("OP", "budget_reached"),
    ]  # fmt: skip


@pytest.mark.parametrize(("amount", "paid"), [(50_000_00, 1_000_00), (50_000_25, 0)])
async def test_the_cap_itself_may_be_spent(amount: int, paid: int) -> None:
    await open_shop(HEAD + STAFF + CAP)
    await sell(amount)
    assert await cash("R") == paid


async def test_once_the_cap_is_raised_what_waited_is_paid_in_order() -> None:
    await open_shop(HEAD + STAFF + CAP)
    await sell(49_000_00)
    await sell(2_000_00, made_at=later(1))
    await sell(1_500_00, made_at=later(2))
    assert await cash("R") == 980_00
    await raise_cap(2, 101_500)
    waits = await db.value("SELECT count(*) FROM pgqueuer WHERE entrypoint = $1", jobs.SWEEP)
    assert waits == 1
    # 30.00 would fit, but 40.00 was there before.
    await jobs.sweep({})
    assert await cash("R") == 980_00
    await raise_cap(3, 102_000)
    await jobs.sweep({})
    assert await cash("R") == 1_020_00
    assert [each[1] for each in await states()] == ["", "", "budget"]


async def raise_cap(version: int, cap: int) -> None:
    """Launch the plan anew with another cap."""
    text = (HEAD + STAFF + CAP).replace("version = 1", f"version = {version}")
    await launch(text.replace("campaign = 100000", f"campaign = {cap}"))


async def test_a_refund_makes_room() -> None:
    await open_shop(HEAD + STAFF + CAP)
    first = await sell(49_000_00)
    await sell(40_000_00, made_at=later(1))
    await take_back(first)
    await jobs.sweep({})
    assert await cash("R") == 800_00
    sums = await queries.sums("selling")
    assert (sums.spent, sums.promised) == (800_00, 0)


async def test_a_store_has_a_cap_of_its_own() -> None:
    await open_shop(HEAD + STAFF + STORE_CAP)
    await sell(60_000_00, store=STORE)
    await sell(60_000_00, made_at=later(1))
    await sell(400_00, made_at=later(2), store="总部")
    assert [each[1] for each in await states()] == ["budget", "", "budget"]
    reached = [("FI", "budget_reached"), ("OP", "budget_reached")]
    assert sorted(await told()) == sorted(reached * 2)
    stores = await queries.stores("selling", ["总部"])
    assert {each.path: (each.spent, each.promised) for each in stores} == {
        STORE: (0, 1_200_00), "总部": (0, 8_00),
    }  # fmt: skip


async def test_pots_and_bonuses_use_up_the_budget_too() -> None:
    await open_shop(HEAD + STAFF + CAP)
    await db.execute(
        "SELECT ledger_post($1, 'sponsor', 'b', NULL, '{\"plan\": \"selling\"}', NULL, 'cash',"
        " ARRAY['sponsor', 'escrow'], ARRAY[NULL, $2::uuid], ARRAY[-90000::bigint, 90000],"
        " ARRAY[]::uuid[], ARRAY[]::bigint[])",
        ids.new_id(), ids.new_id(),
    )  # fmt: skip
    assert (await queries.sums("selling")).beside == 900_00
    await sell(6_000_00)
    assert await cash("R") == 0
    await sell(5_000_00, made_at=later(1))
    assert await cash("R") == 100_00


async def test_without_a_budget_everything_fits() -> None:
    await open_shop(HEAD + STAFF)
    await sell(900_000_000_00)
    assert await cash("R") == 18_000_000_00
    assert await told() == []


async def test_spending_asked_again_costs_once() -> None:
    await open_shop(HEAD + STAFF + CAP)
    for _ in range(3):
        await budgets.spend("selling", None, "gift:1", 700_00)
    await budgets.spend("selling", None, "gift:1", 400_00)
    assert (await queries.sums("selling")).spent == 400_00
    with pytest.raises(RuleViolation, match="budget_reached"):
        await budgets.spend("selling", None, "gift:2", 600_01)
    assert (await queries.sums("selling")).spent == 400_00


async def test_spenders_who_race_stay_under_the_cap() -> None:
    await open_shop(HEAD + STAFF + CAP)
    asked = [budgets.spend("selling", None, f"gift:{n}", 70_00) for n in range(40)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    refused = [each for each in answers if isinstance(each, RuleViolation)]
    assert (len(answers) - len(refused), len(refused)) == (14, 26)
    assert (await queries.sums("selling")).spent == 980_00
    lines = await db.value("SELECT sum(spent)::bigint FROM budget_line")
    assert lines == 980_00


async def test_deals_of_several_people_who_race_for_the_last_of_it() -> None:
    await open_shop(HEAD + STAFF + CAP)
    people = ["R", "S", "M", "OP", "FI"] * 4
    await asyncio.gather(
        *[sell(4_000_00, reporter=code, made_at=later(n)) for n, code in enumerate(people)]
    )
    paid = [await cash(code) for code in ("R", "S", "M", "OP", "FI")]
    assert sum(paid) == 960_00
    assert (await queries.sums("selling")).promised == 640_00
    assert await verify() == []
