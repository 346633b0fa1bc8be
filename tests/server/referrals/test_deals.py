"""Deals: rewards given with a verdict, at once or at their release, taken back exactly."""

import asyncio
from uuid import UUID

import asyncpg
import pytest

from server.antispam import desk
from server.coupons import codes
from server.coupons import commands as coupons
from server.coupons.commands import Sale
from server.kit import db
from server.ledger.verification import verify
from server.people import stores
from server.referrals import deals, jobs, queries
from tests.support.cast import person_id
from tests.support.friends import (
    CAMPAIGN,
    PLAN,
    bring,
    customer,
    held,
    open_campaign,
    order,
    points,
)
from tests.support.services import Clock

pytestmark = pytest.mark.usefixtures("app")


async def state(friend: UUID) -> tuple[str | None, str | None]:
    """Where a friend's deal stands."""
    found = await queries.referral_of(friend, PLAN, CAMPAIGN)
    assert found is not None
    return found.deal_state, found.reversed_as


async def refund(order_id: UUID, reason: str = "尺寸不合") -> None:
    await coupons.refund(order_id, await person_id("AN"), reason)


async def told(person: UUID) -> list[str]:
    return await db.column("SELECT kind FROM notice WHERE person = $1 ORDER BY at, id", person)


async def redeem(holder: UUID, rule: str, receipt: str) -> None:
    """Let somebody use a coupon at the till."""
    coupon = await db.value(
        "SELECT id FROM coupon WHERE holder = $1 AND rule = $2 AND state = 'issued'", holder, rule
    )
    by = await person_id("BAO")
    store = await stores.store_of(by)
    assert store is not None
    index = codes.index_of(codes.token_of(coupon))
    await coupons.redeem(index, Sale(store, receipt, 300_000, by, "till", payer=receipt))


async def test_a_first_order_rewards_who_invited(clock: Clock) -> None:
    await open_campaign(clock)
    referrer = await customer(1)
    friend = await bring(referrer, 2)
    await order(friend)
    assert await state(friend) == ("counted", None)
    assert await held(referrer) == ["first_step", "thanks"]
    assert await told(referrer) == ["referral_claimed", "referral_reward"]
    await order(friend)
    assert await held(referrer) == ["first_step", "thanks"]


async def test_both_sides_or_none(clock: Clock) -> None:
    await open_campaign(clock)
    referrer = await customer(1)
    friend = await bring(referrer, 2)
    await db.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN IF NEW.rule = 'first_step' THEN RAISE 'no'; END IF; RETURN NEW; END $$"
    )
    await db.execute(
        "CREATE TRIGGER refuse BEFORE INSERT ON coupon FOR EACH ROW EXECUTE FUNCTION refuse()"
    )
    try:
        with pytest.raises(asyncpg.RaiseError):
            await redeem(friend, "newcomer", "R-1")
    finally:
        await db.execute("DROP FUNCTION refuse CASCADE")
    assert await db.value("SELECT count(*) FROM customer_order") == 0
    assert "newcomer" in await held(friend)
    assert await held(referrer) == []
    await redeem(friend, "newcomer", "R-1")
    assert "newcomer" not in await held(friend)
    assert await held(referrer) == ["first_step", "thanks"]


async def test_a_refund_takes_back_exactly_what_was_given(clock: Clock) -> None:
    await open_campaign(clock)
    referrer = await customer(1)
    first, second = await bring(referrer, 2), await bring(referrer, 3)
    await order(first)
    sold = await order(second)
    assert await held(referrer) == ["first_step", "thanks", "thanks"]
    await refund(sold)
    assert await state(second) == ("counted", "refunded")
    assert await held(referrer) == ["first_step", "thanks"]
    assert (await told(referrer))[-1] == "referral_back"
    why = await db.value(
        "SELECT facts->>'why' FROM notice WHERE person = $1 AND kind = 'referral_back'", referrer
    )
    assert why == "尺寸不合"


async def test_an_employees_points_come_and_go_by_transfers_that_name_each_other(
    clock: Clock,
) -> None:
    await open_campaign(clock)
    referrer = await person_id("MEI")
    friend = await bring(referrer, 2)
    sold = await order(friend)
    assert await points(referrer) == 50
    await refund(sold)
    assert await points(referrer) == 0
    async with db.connection() as one:
        moved = await one.fetch(
            "SELECT t.kind, r.kind AS reversed FROM transfer t"
            " LEFT JOIN transfer r ON r.id = t.reverses ORDER BY t.reverses NULLS FIRST"
        )
    assert [tuple(each) for each in moved] == [
        ("referral", None),
        ("referral_back", "referral"),
    ]
    assert await verify() == []


async def test_what_was_used_before_the_refund_stays_and_is_on_record(clock: Clock) -> None:
    await open_campaign(clock)
    referrer = await customer(1)
    sold = await order(await bring(referrer, 2))
    await redeem(referrer, "first_step", "R-9")
    await refund(sold)
    kept = await db.column("SELECT coupon_rule FROM referral_reward WHERE state = 'kept'")
    assert kept == ["first_step"]
    assert await held(referrer) == []
    assert {"referral_back", "referral_kept"} <= set(await told(referrer))
    recorded = await db.value("SELECT reason FROM audit_record WHERE verb = 'keep_reward'")
    assert recorded == "尺寸不合"
    # The rung is due again with the next deal, and it was had already.
    await order(await bring(referrer, 3))
    assert await held(referrer) == ["thanks"]


async def test_each_rung_is_given_once(clock: Clock) -> None:
    await open_campaign(clock)
    referrer = await customer(1)
    sold = []
    for number in range(2, 6):
        sold.append(await order(await bring(referrer, number)))
        await clock.advance(hours=13)
    given = ["first_step", "free_service", "thanks", "thanks", "thanks", "thanks", "three_deals"]
    assert await held(referrer) == given
    await refund(sold[0])
    assert await held(referrer) == sorted(given[:2] + ["thanks"] * 3 + ["three_deals"])
    await refund(sold[1])
    assert await held(referrer) == ["first_step", "thanks", "thanks"]


async def test_a_large_order_gives_premium_service_instead(clock: Clock) -> None:
    await open_campaign(clock)
    referrer = await customer(1)
    await order(await bring(referrer, 2), amount=5_000_000)
    assert await held(referrer) == ["first_step", "premium_service"]


async def test_undone_within_two_minutes_it_was_no_deal_and_may_be_one_again(clock: Clock) -> None:
    await open_campaign(clock)
    referrer = await customer(1)
    friend = await bring(referrer, 2)
    sold = await order(friend)
    await coupons.undo(sold, await person_id("AN"))
    assert await held(referrer) == []
    await order(friend)
    assert await state(friend) == ("counted", None)
    assert await held(referrer) == ["first_step", "thanks"]


async def test_an_order_after_the_period_is_no_deal(clock: Clock) -> None:
    await open_campaign(clock)
    referrer = await customer(1)
    early, late = await bring(referrer, 2), await bring(referrer, 3)
    await clock.advance(days=90, microseconds=-1)
    await order(early)
    await clock.advance(microseconds=1)
    await order(late)
    assert await state(early) == ("counted", None)
    assert await state(late) == (None, None)


async def test_a_reward_with_a_release_waits_for_it(clock: Clock) -> None:
    await open_campaign(clock, release_days="7")
    referrer = await customer(1)
    friend, second = await bring(referrer, 2), await bring(referrer, 3)
    await order(friend)
    refunded = await order(second)
    assert await state(friend) == ("waiting", None)
    await clock.advance(days=7, microseconds=-1)
    await jobs.sweep({})
    await refund(refunded)
    assert await held(referrer) == []
    await clock.advance(microseconds=1)
    await asyncio.gather(*(jobs.sweep({}) for _ in range(5)))
    assert await state(friend) == ("counted", None)
    assert await held(referrer) == ["first_step", "thanks"]
    assert await state(second) == ("waiting", "refunded")


async def test_the_job_of_a_release_counts_the_deal(clock: Clock) -> None:
    await open_campaign(clock, release_days="7")
    referrer = await customer(1)
    sold = await order(await bring(referrer, 2))
    payload = await db.value("SELECT payload FROM pgqueuer WHERE entrypoint = $1", deals.RELEASE)
    assert str(sold).encode() in payload
    await clock.advance(days=7)
    await jobs.release({"order": str(sold)})
    assert await held(referrer) == ["first_step", "thanks"]


async def suspicious(referrer: UUID, number: int) -> UUID:
    """A friend who used the referrer's phone, so that a person has a look."""
    friend = await bring(referrer, number)
    await db.execute(
        "INSERT INTO sighting VALUES ('network', 'n', $1, 'friend', leitai_clock(),"
        " leitai_clock()), ('network', 'n', $2, 'referrer', leitai_clock(), leitai_clock())",
        friend, referrer,
    )  # fmt: skip
    await db.execute("UPDATE person SET created_at = leitai_clock() WHERE id = $1", referrer)
    return friend


async def test_what_is_suspicious_waits_for_a_person(clock: Clock) -> None:
    await open_campaign(clock)
    referrer = await customer(1)
    friend = await suspicious(referrer, 2)
    sold = await order(friend)
    assert await state(friend) == ("held", None)
    assert await held(referrer) == []
    assert await db.value("SELECT count(*) FROM referral_reward") == 0
    verdict = await db.value("SELECT id FROM verdict WHERE subject = $1", deals.subject(sold))
    await desk.decide(verdict, await person_id("OP"), clear=True, reason="checked by phone")
    assert await state(friend) == ("counted", None)
    assert await held(referrer) == ["first_step", "thanks"]


async def test_what_is_refused_gives_nothing_and_says_why(clock: Clock) -> None:
    await open_campaign(clock)
    referrer = await customer(1)
    friend = await suspicious(referrer, 2)
    sold = await order(friend)
    verdict = await db.value("SELECT id FROM verdict WHERE subject = $1", deals.subject(sold))
    await desk.decide(verdict, await person_id("OP"), clear=False, reason="one family")
    assert await state(friend) == ("refused", None)
    found = await queries.referral_of(friend, PLAN, CAMPAIGN)
    assert found is not None
    assert found.reason == "one family"
    await jobs.sweep({})
    assert await held(referrer) == []


async def test_a_held_deal_that_is_refunded_gives_nothing_when_cleared(clock: Clock) -> None:
    await open_campaign(clock)
    referrer = await customer(1)
    friend = await suspicious(referrer, 2)
    sold = await order(friend)
    await refund(sold)
    verdict = await db.value("SELECT id FROM verdict WHERE subject = $1", deals.subject(sold))
    await desk.decide(verdict, await person_id("OP"), clear=True, reason="fine")
    assert await state(friend) == ("waiting", "refunded")
    assert await held(referrer) == []


async def test_without_a_verdict_nothing_is_given_and_the_order_goes_through(
    clock: Clock,
) -> None:
    await open_campaign(clock)
    referrer = await customer(1)
    friend = await bring(referrer, 2)
    await db.execute("ALTER TABLE verdict RENAME TO verdict_away")
    try:
        await order(friend)
        assert await state(friend) == ("judging", None)
        assert await held(referrer) == []
        await jobs.sweep({})
        assert await held(referrer) == []
    finally:
        await db.execute("ALTER TABLE verdict_away RENAME TO verdict")
    await jobs.sweep({})
    assert await state(friend) == ("counted", None)
    assert await held(referrer) == ["first_step", "thanks"]


async def test_a_waiting_deal_without_its_verdict_is_not_counted(clock: Clock) -> None:
    await open_campaign(clock, release_days="7")
    referrer = await customer(1)
    sold = await order(await bring(referrer, 2))
    await db.execute("DELETE FROM verdict WHERE subject = $1", deals.subject(sold))
    await clock.advance(days=7)
    await jobs.sweep({})
    assert await held(referrer) == []


async def test_many_deals_of_one_referrer_at_once_give_each_rung_once(clock: Clock) -> None:
    await open_campaign(clock)
    referrer = await customer(1)
    await db.execute("UPDATE person SET created_at = '2020-01-01Z' WHERE id = $1", referrer)
    friends = []
    for number in range(2, 6):
        friends.append(await bring(referrer, number))
        await clock.advance(hours=13)
    await asyncio.gather(*(order(friend) for friend in friends))
    assert await held(referrer) == [
        "first_step", "free_service", "thanks", "thanks", "thanks", "thanks", "three_deals",
    ]  # fmt: skip


async def test_an_order_through_a_colleagues_code_is_a_deal_to_be_checked(clock: Clock) -> None:
    await open_campaign(clock)
    mei = await person_id("MEI")
    friend = await bring(mei, 2)
    first = await order(friend)
    second = await order(friend, amount=90_000)
    sold = await db.column(
        "SELECT (reporter = $1) || ' ' || is_first || ' ' || state FROM deal"
        " WHERE order_id = ANY ($2) ORDER BY amount DESC",
        mei, [first, second],
    )  # fmt: skip
    assert sold == ["true true reported", "true false reported"], "every order of a binding sells"
    await refund(first)
    left = await db.column("SELECT order_id FROM deal WHERE closed_at IS NULL")
    assert left == [second]


async def test_an_order_through_a_customers_link_is_no_deal_that_pays_cash(clock: Clock) -> None:
    await open_campaign(clock)
    await order(await bring(await customer(1), 2))
    assert await db.value("SELECT count(*) FROM deal") == 0


async def test_a_friend_who_only_showed_a_coupon_becomes_a_customer(clock: Clock) -> None:
    await open_campaign(clock)
    friend = await bring(await person_id("MEI"), 2)
    await db.execute("DELETE FROM customer")
    await redeem(friend, "newcomer", "R-1")
    assert await db.value("SELECT shown FROM deal d JOIN customer c ON c.key = d.customer") == (
        "139****0002"
    )
