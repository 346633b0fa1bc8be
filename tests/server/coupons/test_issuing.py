"""Coupons come, are taken back and end; nothing in the database redeems one."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from game.errors import RuleViolation
from server.coupons import codes, commands, jobs, queries
from server.kit import db
from tests.support.cast import person_id
from tests.support.door import records
from tests.support.services import Clock
from tests.support.shop import MORNING, customer, give, open_shop, qr, sale, state_of, the_store

pytestmark = pytest.mark.usefixtures("pool")
MS = timedelta(milliseconds=1)


async def test_one_cause_gives_one_coupon_of_each_rule(clock: Clock) -> None:
    await open_shop(clock)
    who = await customer()
    given = await asyncio.gather(*(give(who, reference="r1") for _ in range(8)))
    assert len(set(given)) == 1
    assert await give(who, "thanks", reference="r1") not in given
    assert await give(who, reference="r1", source="friend") not in given
    assert await db.value("SELECT count(*) FROM coupon") == 3


async def test_it_is_good_to_the_end_of_its_last_day_unless_said_otherwise(clock: Clock) -> None:
    await open_shop(clock)
    who = await customer()
    usual = await queries.coupon(await give(who))
    assert usual.expires_at == datetime(2026, 12, 23, 16, tzinfo=UTC)
    other = await queries.coupon(await give(who, expires_at=MORNING + MS))
    assert other.expires_at == MORNING + MS
    with pytest.raises(RuleViolation, match="coupon_expired"):
        await give(who, expires_at=MORNING)
    with pytest.raises(RuleViolation, match="coupon_rule_unknown"):
        await give(who, "nothing")


async def test_what_it_says_is_the_rule_of_its_own_version(clock: Clock) -> None:
    await open_shop(clock)
    store = await the_store()
    one = await queries.coupon(await give(await customer(), giver="安", store=store.id))
    assert (await queries.rule_of(one)).value == 20000
    assert (one.giver, one.store_name, one.plan_version) == ("安", "滨江店", 1)


async def test_the_database_knows_neither_code_nor_token(clock: Clock) -> None:
    await open_shop(clock)
    coupon = await give(await customer())
    kept = await db.value("SELECT c::text FROM coupon c")
    code, token = codes.code_of(coupon), codes.token_of(coupon)
    assert (len(code), len(token)) == (10, 26)
    assert code not in kept
    assert token not in kept
    assert codes.index_of(token).hex() in kept
    assert token[:10] != code


async def test_a_coupon_is_taken_back_unless_it_was_redeemed(clock: Clock) -> None:
    await open_shop(clock)
    who, boss = await customer(), await person_id("BOSS")
    coupon, used = await give(who), await give(who, "thanks")
    await commands.redeem(qr(used), await sale("1"))
    assert await commands.revoke(coupon, "退款", boss)
    assert await commands.revoke(coupon, "退款", boss)
    assert not await commands.revoke(used, "退款", boss)
    assert (await state_of(coupon), await state_of(used)) == ("revoked", "redeemed")
    assert [each["reason"] for each in await records("revoke_coupon")] == ["退款"]
    with pytest.raises(RuleViolation, match="coupon_revoked"):
        await commands.redeem(qr(coupon), await sale("2"))


async def test_the_sweep_expires_what_is_over_and_nothing_else(clock: Clock) -> None:
    await open_shop(clock)
    who = await customer()
    over, left = await give(who), await give(who, "thanks")
    until = (await queries.coupon(over)).expires_at
    await clock.set(until - MS)
    await jobs.sweep({})
    assert await state_of(over) == "issued"
    await clock.set(until)
    assert (await queries.coupon(over)).state_at(until) == "expired"
    await jobs.sweep({})
    assert (await state_of(over), await state_of(left)) == ("expired", "issued")


async def test_its_holder_is_told_once_three_days_before(clock: Clock) -> None:
    await open_shop(clock)
    who = await customer()
    coupon = await give(who)
    ends = (await queries.coupon(coupon)).expires_at
    await clock.set(ends - timedelta(days=3) - MS)
    await jobs.sweep({})
    assert await told(who) == []
    for days in (3, 2, 1):
        await clock.set(ends - timedelta(days=days))
        await jobs.sweep({})
    [(kind, href, facts)] = await told(who)
    assert (kind, href) == ("coupon_ending", f"/coupons/{coupon}")
    assert facts["what"]["zh_Hans"] == "新客见面礼"


async def test_a_coupon_that_came_today_is_not_called_nearly_over(clock: Clock) -> None:
    await open_shop(clock)
    who = await customer()
    await give(who, expires_at=MORNING + timedelta(days=2))
    await jobs.sweep({})
    assert await told(who) == []
    await clock.advance(days=1)
    await jobs.sweep({})
    assert len(await told(who)) == 1


async def told(who: object) -> list[tuple[str, str, dict[str, dict[str, str]]]]:
    async with db.connection() as one:
        found = await one.fetch("SELECT kind, href, facts FROM notice WHERE person = $1", who)
    return [(each["kind"], each["href"], each["facts"]) for each in found]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("7K2M-9QXD-4T", "7K2M9QXD4T"),
        ("7k2m9qxd4t", "7K2M9QXD4T"),
        (" 7k2m 9qxd 4t ", "7K2M9QXD4T"),
        ("oil0-oil0-00", "0110011000"),
        ("7K2M–9QXD—4T", "7K2M9QXD4T"),
        ("７Ｋ２Ｍ９ＱＸＤ４Ｔ", "7K2M9QXD4T"),
        ("7K2M-9QXD-4", None),
        ("7K2M-9QXD-4T7", None),
        ("7K2M-9QXD-4!", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_code_is_read_whatever_its_case_and_dashes(typed: str, code: str | None) -> None:
    assert codes.read_code(typed) == code
