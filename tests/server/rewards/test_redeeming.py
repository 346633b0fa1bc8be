"""Points are held, spent or freed once; stock is taken and put back once (G2, P9)."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from server.kit import db, events
from server.ledger.verification import verify
from server.rewards import catalogue, commands, deadlines, jobs, queries
from server.rewards.events import RewardFulfilled
from tests.support.cast import launch, person_id
from tests.support.services import Clock
from tests.support.shelves import (
    MORNING,
    code_of,
    give,
    notices_of,
    open_shelves,
    purse,
    put,
    redeem,
    refused,
    state_of,
    stock_of,
)
from tests.support.shop import PLAN

pytestmark = pytest.mark.usefixtures("pool", "shelves")


@pytest.fixture
async def shelves(pool: None, clock: Clock) -> None:
    await open_shelves(clock)
    await give("MEI", 300)


async def hand_over(redemption: UUID, by: str = "TILL", code: str | None = None) -> str:
    shown = await code_of(redemption) if code is None else code
    return await refused(commands.hand_over(redemption, await person_id(by), shown))


async def decide(redemption: UUID, by: str = "OP", reason: str = "") -> str:
    work = commands.decide(redemption, await person_id(by), approves=not reason, reason=reason)
    return await refused(work)


async def cancel(redemption: UUID, by: str = "MEI") -> str:
    return await refused(commands.cancel(redemption, await person_id(by)))


async def test_points_are_held_until_a_gift_is_handed_over() -> None:
    cup = await put(stock=3)
    one = await redeem("MEI", cup)
    assert (await purse("MEI"), await stock_of(cup)) == ((200, 100), 2)
    assert await db.value("SELECT count(*) FROM transfer WHERE kind = 'redemption'") == 0
    assert await hand_over(one) == ""
    assert (await purse("MEI"), await state_of(one)) == ((200, 0), "fulfilled")
    assert await hand_over(one) == "redemption_over"
    assert await cancel(one) == "redemption_over"
    assert await stock_of(cup) == 2
    assert await verify() == []


async def test_what_is_handed_over_is_told_to_the_slices_above(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[RewardFulfilled] = []

    async def note(event: RewardFulfilled) -> None:
        told.append(event)

    cup, mei = await put(), await person_id("MEI")
    one = await redeem("MEI", cup)
    monkeypatch.setitem(events._handlers, RewardFulfilled, (note,))
    await hand_over(one)
    assert told == [RewardFulfilled(one, mei, cup, MORNING)]


async def test_leave_is_approved_by_somebody_else_and_a_refusal_gives_all_back() -> None:
    leave = await put("leave", stock=5)
    first, second = await redeem("MEI", leave), await redeem("MEI", leave, note="周五下午")
    assert await decide(first, "MEI") == "own_redemption"
    assert await hand_over(first) == "redemption_needs_approval"
    assert await decide(first) == ""
    assert await decide(second, reason="周五要盘点") == ""
    assert (await purse("MEI"), await stock_of(leave)) == ((200, 0), 4)
    assert (await state_of(first), await state_of(second)) == ("fulfilled", "refused")
    assert await decide(second) == "redemption_over"
    assert await notices_of("MEI") == ["reward_approved", "reward_refused"]
    assert await verify() == []


@pytest.mark.parametrize("said", ["", "  "])
async def test_a_refusal_says_why(said: str) -> None:
    one = await redeem("MEI", await put("leave"))
    work = commands.decide(one, await person_id("OP"), approves=False, reason=said)
    assert await refused(work) == "reason_missing"
    assert await state_of(one) == "waiting"


async def test_a_gift_needs_its_own_code_and_another_hand() -> None:
    await give("TILL", 100)
    cup = await put()
    one, own = await redeem("MEI", cup), await redeem("TILL", cup)
    assert await hand_over(one, code="00000000") == "redemption_unknown"
    assert await hand_over(one, code=await code_of(own)) == "redemption_unknown"
    assert await hand_over(own) == "own_redemption"
    assert await decide(one) == "redemption_needs_counter"
    assert await state_of(one) == await state_of(own) == "waiting"


async def test_only_the_owner_cancels_and_once() -> None:
    cup = await put(stock=1)
    one = await redeem("MEI", cup)
    assert await cancel(one, "BAO") == "redemption_unknown"
    assert await cancel(one) == ""
    assert await cancel(one) == "redemption_over"
    assert (await purse("MEI"), await stock_of(cup)) == ((300, 0), 1)
    assert await verify() == []


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"stock": 0}, "reward_sold_out"),
        ({"points": 301}, "reward_not_covered"),
        ({"ranks": ("manager",)}, "reward_not_for_you"),
        ({"units": ("华东",)}, "reward_not_for_you"),
        ({"units": ("总部/一",)}, "reward_not_for_you"),
        ({"units": ("总部",), "ranks": ("staff",), "stock": 1, "points": 300}, ""),
    ],
)
async def test_who_may_have_what(terms: dict[str, Any], code: str) -> None:
    reward = await put(**terms)
    work = redeem("MEI", reward, terms.get("points", 100))
    assert await refused(work) == code
    taken = terms.get("points", 100) if code == "" else 0
    assert await purse("MEI") == (300 - taken, taken)
    assert await verify() == []


async def test_zero_none_and_some_in_stock_are_three_things() -> None:
    endless, gone, one_left = await put(), await put(stock=0), await put(stock=1)
    assert [await refused(redeem("MEI", each)) for each in (endless, gone, one_left)] == [
        "", "reward_sold_out", "",
    ]  # fmt: skip
    assert [await stock_of(each) for each in (endless, gone, one_left)] == [None, 0, 0]


async def test_what_was_endless_when_taken_puts_nothing_back() -> None:
    cup, op = await put(), await person_id("OP")
    one = await redeem("MEI", cup)
    await catalogue.restock(cup, 5, op)
    await cancel(one)
    assert await stock_of(cup) == 5
    two = await redeem("MEI", cup)
    assert await stock_of(cup) == 4
    await catalogue.restock(cup, None, op)
    await cancel(two)
    assert await stock_of(cup) is None


async def test_a_limit_counts_in_the_company_s_zone_and_what_came_back_does_not(
    clock: Clock,
) -> None:
    cup = await put(points=10, limit=(1, "month"))
    # 23:59 of the last day of November in Shanghai.
    await clock.set(datetime(2026, 11, 30, 15, 59, tzinfo=UTC))
    one = await redeem("MEI", cup, 10)
    assert await refused(redeem("MEI", cup, 10)) == "reward_limit_reached"
    await clock.advance(minutes=1)
    await redeem("MEI", cup, 10)
    assert await refused(redeem("MEI", cup, 10)) == "reward_limit_reached"
    await give("BAO", 10)
    assert await refused(redeem("BAO", cup, 10)) == ""
    await cancel(one)
    assert await refused(redeem("MEI", cup, 10)) == "reward_limit_reached"


async def test_two_taps_at_once_reach_a_limit_once() -> None:
    cup = await put(points=10, limit=(2, "ever"))
    said = await asyncio.gather(*[refused(redeem("MEI", cup, 10)) for _ in range(12)])
    assert sorted(said) == [""] * 2 + ["reward_limit_reached"] * 10
    assert await purse("MEI") == (280, 20)


async def test_the_price_that_was_shown_is_the_price() -> None:
    cup, op = await put(), await person_id("OP")
    terms = catalogue.Terms(kind="gift", title={"zh_Hans": "杯"}, points=120)
    await catalogue.edit(cup, terms, op)
    assert await refused(redeem("MEI", cup, 100)) == "reward_price_changed"
    await redeem("MEI", cup, 120)
    await catalogue.archive(cup, op)
    assert await refused(redeem("MEI", cup, 120)) == "reward_archived"
    assert await purse("MEI") == (180, 120)


async def test_held_points_are_gone_for_a_second_reward_and_a_strike_leaves_a_debt() -> None:
    cup = await put(points=200)
    one = await redeem("MEI", cup, 200)
    assert await refused(redeem("MEI", cup, 200)) == "reward_not_covered"
    await give("MEI", -150)
    assert await purse("MEI") == (-50, 200)
    assert await hand_over(one) == ""
    assert await purse("MEI") == (-50, 0)
    await give("MEI", 60)
    assert await purse("MEI") == (10, 0)
    assert await verify() == []


async def test_a_coupon_is_issued_at_once_by_the_plan_in_force() -> None:
    await launch(PLAN.format(version=1, least_order=0))
    reward = await put("coupon", coupon="shop/thanks", stock=2)
    one = await redeem("MEI", reward)
    found = await queries.redemption(one)
    assert (found.state, await purse("MEI"), await stock_of(reward)) == ("fulfilled", (200, 0), 1)
    kept = await db.value(
        "SELECT holder || source || reference || rule FROM coupon WHERE id = $1", found.coupon
    )
    assert kept == f"{await person_id('MEI')}reward{one}thanks"
    await db.execute("UPDATE reward SET coupon_rule = 'gone'")
    assert await refused(redeem("MEI", reward)) == "reward_coupon_missing"
    assert (await purse("MEI"), await stock_of(reward)) == ((200, 0), 1)
    assert await verify() == []


async def test_what_waits_too_long_comes_back_once_and_is_told(clock: Clock) -> None:
    cup = await put(stock=1, keeps_days=3)
    one = await redeem("MEI", cup)
    # The end of the third day after the redemption, in Shanghai.
    ends = datetime(2026, 11, 28, 16, tzinfo=UTC)
    await clock.set(ends - timedelta(seconds=1))
    await jobs.sweep({})
    await jobs.expire({"redemption": str(one)})
    assert await state_of(one) == "waiting"
    await clock.set(ends)
    assert await hand_over(one) == "redemption_over"
    await jobs.expire({"redemption": str(one)})
    await jobs.sweep({})
    assert (await state_of(one), await purse("MEI"), await stock_of(cup)) == (
        "expired", (300, 0), 1,
    )  # fmt: skip
    assert await notices_of("MEI") == ["reward_ready", "reward_expired"]
    assert await verify() == []


async def test_its_jobs_are_left_in_the_transaction_that_makes_it() -> None:
    one, asked = await redeem("MEI", await put()), await redeem("MEI", await put("leave"))
    queued = await db.column("SELECT entrypoint || dedupe_key FROM pgqueuer ORDER BY 1")
    assert queued == sorted([
        f"{deadlines.EXPIRE}{deadlines.EXPIRE}:{one}",
        f"{deadlines.EXPIRE}{deadlines.EXPIRE}:{asked}",
        f"{deadlines.REMIND}{deadlines.REMIND}:{one}",
    ])  # fmt: skip
    await refused(redeem("MEI", await put(stock=0)))
    assert await db.value("SELECT count(*) FROM pgqueuer") == 3


async def test_a_day_before_its_end_it_is_told_once_while_it_waits() -> None:
    one, gone = await redeem("MEI", await put()), await redeem("MEI", await put())
    await cancel(gone)
    for each in (one, gone, one):
        await jobs.remind({"redemption": str(each)})
    assert (await notices_of("MEI")).count("reward_ending") == 1


Ending = Callable[[UUID], Awaitable[str]]


async def expired(one: UUID) -> str:
    return "" if await commands.expire(one) else "redemption_over"


@pytest.mark.parametrize("at_its_end", [False, True])
async def test_whatever_ends_a_redemption_at_once_ends_it_once(
    clock: Clock, at_its_end: bool
) -> None:
    ends: list[Ending] = [hand_over, cancel, lambda one: decide(one, reason="没货"), expired] * 3
    cup = await put(stock=6, keeps_days=1)
    for _ in range(6):
        await clock.set(MORNING)
        await give("BAO", 100)
        one = await redeem("BAO", cup)
        before = (await stock_of(cup) or 0, (await purse("BAO"))[0])
        if at_its_end:
            await clock.set((await queries.redemption(one)).expires_at)
        work = [cancel(one, "BAO") if each is cancel else each(one) for each in ends]
        said = await asyncio.gather(*work)
        assert said.count("") == 1
        state = await state_of(one)
        back = state != "fulfilled"
        assert state == "expired" if at_its_end else state != "expired"
        assert (await stock_of(cup), await purse("BAO")) == (
            before[0] + back, (before[1] + 100 * back, 0),
        )  # fmt: skip
    assert await verify() == []


async def test_low_stock_is_told_once_to_operations_and_again_after_a_restock() -> None:
    await give("MEI", 1000)
    cup, op = await put(stock=4, low_stock=2), await person_id("OP")
    made = [await redeem("MEI", cup) for _ in range(3)]
    assert (await notices_of("OP"), await notices_of("MEI")) == (
        ["reward_low"], ["reward_ready"] * 3,
    )  # fmt: skip
    await cancel(made[0])
    await redeem("MEI", cup)
    assert await notices_of("OP") == ["reward_low"]
    await catalogue.restock(cup, 2, op)
    await redeem("MEI", cup)
    assert await notices_of("OP") == ["reward_low"] * 2
