"""Commissions over checked deals: given with a verdict, counted by period, taken back (G3-G6, G9)."""

import asyncio
from datetime import datetime

import pytest

from server.commissions import commands, jobs, queries
from server.commissions.events import CommissionAccrued
from server.deals.events import DealChecked
from server.kit import clock, db, events, ids
from server.ledger.verification import verify
from tests.support.cast import launch, person_id
from tests.support.selling import (
    HEAD,
    LADDER,
    MADE,
    STAFF,
    TITLE,
    cash,
    decide,
    judge,
    later,
    open_shop,
    pay_out,
    sell,
    states,
    take_back,
)

pytestmark = pytest.mark.usefixtures("app")

INSTANT = f"""
[commissions.won]
{TITLE}who = "employee"
part = "reporter"
deals = "first"
from_lead = true
not_units = ["市场部"]
amount = 50000
refund = "to_zero"
"""
KEPT = STAFF.replace("below_zero", "pending_only")
SOLUTION = STAFF.replace("staff", "solution").replace("reporter", "solution")
PARTNER = f"""
[commissions.partner]
{TITLE}who = "partner"
partners = ["dealer"]
part = "reporter"
per = "quarter"
tiers = [{{ up_to = 10000000, rate = "5/100" }}, {{ rate = "8/100" }}]
refund = "below_zero"
"""


async def notices(code: str) -> list[str]:
    return await db.column(
        "SELECT kind FROM notice WHERE person = $1 ORDER BY id", await person_id(code)
    )


async def moves() -> list[tuple[str, int]]:
    """Every posting of commissions: (kind, what the person was credited with)."""
    async with db.connection() as one:
        found = await one.fetch(
            "SELECT t.kind, -e.amount AS amount FROM transfer t JOIN entry e ON e.transfer = t.id"
            " JOIN account a ON a.id = e.account AND a.kind = 'issuer'"
            " WHERE t.kind LIKE 'commission%' ORDER BY t.id"
        )
    return sorted((each["kind"], each["amount"]) for each in found)


async def test_a_clean_deal_pays_at_once_and_says_why() -> None:
    await open_shop(HEAD + STAFF + LADDER)
    deal = await sell(12_345_67)
    # 2 % of 12,345.67 is 246.9134, 1 % is 123.4567: rounded once, half up.
    assert (await cash("R"), await cash("S")) == (246_91, 123_46)
    [staff] = [each for each in await queries.accruals_of(deal) if each.rule == "staff"]
    assert (staff.state, staff.waits_for, staff.amount, staff.posted) == ("due", "", 24691, 24691)
    assert staff.explanation == {"before": 0, "steps": [{"base": 1234567, "rate": "1/50"}]}
    assert await notices("R") == ["commission_arrived"]
    assert await verify() == []


async def test_whoever_listens_hears_of_each_movement(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[CommissionAccrued] = []

    async def hear(event: CommissionAccrued) -> None:
        heard.append(event)

    monkeypatch.setitem(events._handlers, CommissionAccrued, (hear,))
    await open_shop(HEAD + STAFF)
    deal = await sell(100_00)
    await take_back(deal)
    assert [(each.deal, each.amount) for each in heard] == [(deal, 2_00), (deal, -2_00)]


async def test_the_same_deal_told_twice_pays_once() -> None:
    await open_shop(HEAD + STAFF)
    deal = await sell(100_000_00)
    event = DealChecked(
        deal=deal, plan="selling", lead=None, order=None, customer="id:1",
        reporter=await person_id("R"), seller=None, store=None, amount=100_000_00, is_first=True,
        made_at=MADE, by=await person_id("OP"), at=await clock.now(),
    )  # fmt: skip
    await events.publish(event)
    await commands.go_on(deal)
    assert await cash("R") == 2_000_00


async def test_without_a_verdict_nothing_is_paid_until_it_comes() -> None:
    await open_shop(HEAD + STAFF)
    deal = await sell(100_000_00, is_clean=None)
    await jobs.sweep({})
    assert await cash("R") == 0
    assert await states() == [("pending", "verdict", 2_000_00, 0)]
    await judge(deal, is_clean=True)
    await jobs.sweep({})
    assert await cash("R") == 2_000_00


async def test_a_suspicious_deal_waits_for_a_person() -> None:
    await open_shop(HEAD + STAFF)
    held, other = await sell(100_000_00, is_clean=False), await sell(1_000_00)
    assert await cash("R") == 20_00
    await decide(held, clear=True)
    assert await cash("R") == 2_020_00
    assert other != held


async def test_a_refused_deal_gives_nothing_and_counts_for_nothing() -> None:
    await open_shop(HEAD + LADDER)
    held = await sell(100_000_00, is_clean=False)
    await sell(50_000_00, made_at=later(1))
    assert await cash("S") == 500_00
    await decide(held, clear=False)
    assert await cash("S") == 500_00
    assert (await states())[0] == ("clawed", "", 0, 0)


async def test_a_verdict_that_refused_before_the_check_is_heeded() -> None:
    await open_shop(HEAD + STAFF)
    deal = await sell(100_00, is_clean=None)
    await judge(deal, is_clean=False)
    await db.execute("UPDATE verdict SET state = 'refused'")
    await jobs.sweep({})
    assert await states() == [("clawed", "", 0, 0)]


async def test_tiers_count_a_month_in_the_order_of_the_deals() -> None:
    await open_shop(HEAD + LADDER)
    await sell(80_000_00, made_at=later(5))
    assert await cash("S") == 800_00
    # Checked later, made before: the first 60,000 are these, and 40,000 of the other are above.
    await sell(60_000_00, made_at=later(0))
    assert [each[2] for each in await states()] == [600_00, 1_000_00]
    assert await cash("S") == 1_600_00
    # Another month begins anew.
    await sell(80_000_00, made_at=later(25))
    assert await cash("S") == 2_400_00
    assert await moves() == [
        ("commission", 200_00), ("commission", 600_00), ("commission", 800_00),
        ("commission", 800_00),
    ]  # fmt: skip


async def test_a_refund_counts_the_period_anew_and_posts_the_correction_now() -> None:
    await open_shop(HEAD + LADDER)
    first = await sell(100_000_00)
    await sell(100_000_00, made_at=later(1))
    assert await cash("S") == 2_500_00
    await take_back(first, reason="质量问题")
    # The second deal now lies in the first tier: 500 of it go back with the 1,000 of the first.
    assert await cash("S") == 1_000_00
    assert [each[:3] for each in await states()] == [("clawed", "", 0), ("due", "", 1_000_00)]
    back = await db.value(
        "SELECT facts FROM transfer WHERE kind = 'commission_back' AND reverses IS NOT NULL"
    )
    assert (back["why"], back["reason"]) == ("refunded", "质量问题")
    assert await notices("S") == [
        "commission_arrived", "commission_arrived", "commission_back", "commission_back",
    ]  # fmt: skip
    assert await verify() == []


@pytest.mark.parametrize(
    ("policy", "left"), [("below_zero", -400_00), ("to_zero", 0), ("pending_only", 1_600_00)]
)
async def test_what_a_refund_takes_is_said_by_the_plan(policy: str, left: int) -> None:
    await open_shop(HEAD + STAFF.replace("below_zero", policy))
    deal = await sell(100_000_00)
    await pay_out("R", 400_00)
    await take_back(deal)
    assert await cash("R") == left
    assert await verify() == []
    # What the plan left is not taken later either, whatever is counted anew.
    await sell(50_000_00, made_at=later(1))
    assert await cash("R") == left + 1_000_00


async def test_debt_is_netted_from_what_comes_next() -> None:
    await open_shop(HEAD + STAFF)
    deal = await sell(100_000_00)
    await pay_out("R", 2_000_00)
    await take_back(deal)
    await sell(150_000_00, made_at=later(1))
    assert await cash("R") == 1_000_00
    owed = await db.value(
        "SELECT posted FROM account WHERE kind = 'debt' AND asset = 'cash' AND owner = $1",
        await person_id("R"),
    )
    assert owed == 0


async def test_a_deal_that_waited_is_dropped_when_it_is_struck() -> None:
    await open_shop(HEAD + KEPT)
    deal = await sell(100_000_00, is_clean=None)
    await take_back(deal, "struck", "假交易")
    await judge(deal, is_clean=True)
    await jobs.sweep({})
    await commands.go_on(deal)
    assert (await cash("R"), await states()) == (0, [("clawed", "", 0, 0)])


async def test_instant_rewards_go_to_those_outside_the_marketing_department() -> None:
    await open_shop(HEAD + INSTANT)
    lead = ids.new_id()
    await sell(10_00, lead=lead)
    await sell(10_00, lead=lead, reporter="M")
    await sell(10_00, lead=lead, is_first=False)
    await sell(10_00)
    assert (await cash("R"), await cash("M")) == (500_00, 0)


async def test_a_partner_earns_by_the_quarter() -> None:
    await open_shop(HEAD + PARTNER)
    partner = ids.new_id()
    await db.execute(
        "INSERT INTO person (id, code, name, kind) VALUES ($1, 'P', '邻里家装', 'partner')", partner
    )
    by = await person_id("OP")
    await db.execute("INSERT INTO partner (person, type, made_by) VALUES ($1, 'dealer', $2)",
                     partner, by)  # fmt: skip
    await sell(90_000_00, reporter="P")
    await sell(20_000_00, reporter="P", made_at=later(30))
    assert await cash("P") == 4_500_00 + 500_00 + 800_00
    await sell(10_000_00, reporter="P", made_at=later(60))
    assert await cash("P") == 5_800_00 + 500_00


async def test_whose_solution_was_adopted_is_named_by_operations() -> None:
    await open_shop(HEAD + SOLUTION)
    deal = await sell(100_000_00)
    assert await states() == []
    await commands.name_solution(deal, "M", await person_id("OP"))
    assert await cash("M") == 2_000_00


async def test_a_deal_is_paid_by_the_version_in_force_when_it_was_made() -> None:
    await open_shop(HEAD + STAFF)
    await db.execute("UPDATE plan SET launched_at = $1", MADE)
    await launch((HEAD + STAFF).replace("version = 1", "version = 2").replace("2/100", "3/100"))
    await sell(100_00, made_at=later(0))
    await sell(100_00, made_at=datetime.fromisoformat("2099-01-01T00:00:00Z"))
    await sell(100_00, made_at=datetime.fromisoformat("2001-01-01T00:00:00Z"))
    versions = await db.column("SELECT version FROM accrual ORDER BY made_at")
    assert versions == [1, 1, 2]


async def test_deals_of_one_seller_checked_at_once_are_all_counted() -> None:
    await open_shop(HEAD + LADDER)
    await asyncio.gather(*[sell(30_000_00, made_at=later(n)) for n in range(8)])
    # 240,000: 100,000 at 1 % and 140,000 at 1.5 %.
    assert await cash("S") == 1_000_00 + 2_100_00
    assert await verify() == []


async def test_refunds_and_checks_at_once_leave_what_the_rules_say() -> None:
    await open_shop(HEAD + LADDER)
    deals = [await sell(40_000_00, made_at=later(n)) for n in range(4)]
    more = [sell(40_000_00, made_at=later(n + 4)) for n in range(3)]
    await asyncio.gather(*[take_back(deal) for deal in deals[:3]], *more)
    assert await cash("S") == 1_000_00 + 900_00
    together = await db.value("SELECT sum(posted - waived)::bigint FROM accrual")
    assert together == 1_900_00
