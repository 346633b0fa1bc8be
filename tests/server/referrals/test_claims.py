"""Claiming: bound to who came first, coupons with the binding or neither."""

import asyncio
from collections import Counter

import pytest

from game.errors import RuleViolation
from server.kit import db
from server.people import visitors
from server.referrals import commands as referrals
from server.referrals import queries
from server.referrals.commands import Seen
from tests.support.cast import launch, person_id
from tests.support.friends import (
    CAMPAIGN,
    PLAN,
    bring,
    customer,
    held,
    link_of,
    open_campaign,
    order,
    plan_text,
    seen,
)
from tests.support.services import Clock

pytestmark = pytest.mark.usefixtures("app")


async def claim(code: str, number: int) -> str:
    """Claim with a phone; what came of it."""
    try:
        await referrals.claim(code, await customer(number), seen(number))
    except RuleViolation as refusal:
        return refusal.code
    return "claimed"


async def test_a_new_customer_has_the_coupons_and_is_bound(clock: Clock) -> None:
    await open_campaign(clock)
    referrer = await customer(1)
    friend = await bring(referrer, 2)
    assert await held(friend) == ["newcomer", "newcomer_rate", "welcome_pack"]
    assert await held(referrer) == []
    bound = await queries.referral_of(friend, PLAN, CAMPAIGN)
    assert bound is not None
    assert (bound.referrer, (bound.until - bound.bound_at).days) == (referrer, 90)
    told = await db.column("SELECT kind FROM notice WHERE person = $1", referrer)
    assert told == ["referral_claimed"]


async def test_a_code_is_found_however_it_is_typed(clock: Clock) -> None:
    await open_campaign(clock)
    code = await link_of(await customer(1))
    typed = f" {code[:4].lower()}-{code[4:].lower()} ".replace("1", "i").replace("0", "o")
    assert (await queries.invitation(typed)).code == code


async def test_one_person_has_one_link_per_campaign(clock: Clock) -> None:
    await open_campaign(clock)
    person = await customer(1)
    codes = await asyncio.gather(*(link_of(person) for _ in range(20)))
    assert len(set(codes)) == 1


async def test_who_may_not_claim_hears_why(clock: Clock) -> None:
    await open_campaign(clock)
    code = await link_of(await customer(1))
    assert await claim(code, 1) == "own_link"
    with pytest.raises(RuleViolation, match="not_a_customer"):
        await referrals.claim(code, await person_id("MEI"), Seen())
    await order(await customer(3))
    assert await claim(code, 3) == "already_customer"
    assert await claim("00000000", 2) == "link_unknown"
    assert await claim(code, 2) == "claimed"
    assert await claim(code, 2) == "already_claimed"
    other = await link_of(await customer(4))
    assert await claim(other, 2) == "already_invited"


async def test_an_imported_customer_is_not_new(clock: Clock) -> None:
    await open_campaign(clock)
    code = await link_of(await customer(1))
    await db.execute(
        "INSERT INTO customer (key, shown, first_order_at)"
        " SELECT customer_key_of($1), '139****0002', '2025-01-01Z'",
        await customer(2),
    )
    assert await claim(code, 2) == "already_customer"


async def test_of_fifty_who_invited_one_friend_the_first_has_them(clock: Clock) -> None:
    await open_campaign(clock)
    friend = await customer(99)
    codes = [await link_of(await customer(number)) for number in range(1, 51)]
    tried = (referrals.claim(code, friend, seen(99)) for code in codes)
    results = await asyncio.gather(*tried, return_exceptions=True)
    came = Counter(getattr(each, "code", "claimed") for each in results)
    assert came == {"claimed": 1, "already_invited": 49}
    assert await db.value("SELECT count(*) FROM referral") == 1
    assert await held(friend) == ["newcomer", "newcomer_rate", "welcome_pack"]


async def test_fifty_friends_of_one_link_at_once_are_all_bound(clock: Clock) -> None:
    await open_campaign(clock)
    code = await link_of(await customer(0))
    came = await asyncio.gather(*(claim(code, number) for number in range(1, 51)))
    assert Counter(came) == {"claimed": 50}


async def test_of_a_claim_and_a_first_order_at_once_one_comes_first(clock: Clock) -> None:
    await open_campaign(clock)
    code = await link_of(await customer(1))
    for number in range(2, 12):
        friend = await customer(number)
        came, placed = await asyncio.gather(claim(code, number), order(friend))
        is_deal = await queries.deal(placed) is not None
        assert (came == "claimed") == is_deal, came


async def test_a_lapsed_friend_may_be_bound_by_another(clock: Clock) -> None:
    await open_campaign(clock, ends="2028-01-01T00:00:00+08:00")
    friend = await bring(await customer(1), 2)
    other = await customer(3)
    await clock.advance(days=90, microseconds=-1)
    assert await claim(await link_of(other), 2) == "already_invited"
    await clock.advance(microseconds=1)
    assert await claim(await link_of(other), 2) == "claimed"
    bound = await queries.referral_of(friend, PLAN, CAMPAIGN)
    assert bound is not None
    assert bound.referrer == other


async def test_where_the_plan_says_once_nobody_is_bound_again(clock: Clock) -> None:
    once = "{ days = 90, again = false }"
    await open_campaign(clock, ends="2028-01-01T00:00:00+08:00", binding=once)
    await bring(await customer(1), 2)
    await clock.advance(days=90)
    assert await claim(await link_of(await customer(3)), 2) == "bound_once"


async def test_outside_its_time_a_campaign_gives_nothing(clock: Clock) -> None:
    await open_campaign(clock)
    code = await link_of(await customer(1))
    await clock.set(await db.value("SELECT '2027-01-01T00:00:00+08:00'::timestamptz"))
    assert await claim(code, 2) == "campaign_over"
    assert await held(await customer(2)) == []


async def test_coupons_that_can_not_be_issued_leave_no_binding(clock: Clock) -> None:
    await open_campaign(clock)
    code = await link_of(await customer(1))
    friend = await customer(2)
    await db.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN IF NEW.rule = 'welcome_pack' THEN RAISE 'no'; END IF; RETURN NEW; END $$"
    )
    await db.execute(
        "CREATE TRIGGER refuse BEFORE INSERT ON coupon FOR EACH ROW EXECUTE FUNCTION refuse()"
    )
    try:
        with pytest.raises(Exception, match="no"):
            await referrals.claim(code, friend, seen(2))
    finally:
        await db.execute("DROP FUNCTION refuse CASCADE")
    assert await db.value("SELECT count(*) FROM referral") == 0
    assert await held(friend) == []
    assert await db.value("SELECT count(*) FROM notice") == 0


async def test_a_friend_keeps_the_terms_of_the_version_they_claimed(clock: Clock) -> None:
    await open_campaign(clock)
    friend = await bring(await customer(1), 2)
    await launch(plan_text(version=2, binding="{ days = 30, again = true }"))
    bound = await queries.referral_of(friend, PLAN, CAMPAIGN)
    assert bound is not None
    assert bound.plan_version == 1
    second = await bring(await customer(1), 3)
    later = await queries.referral_of(second, PLAN, CAMPAIGN)
    assert later is not None
    assert (later.until - later.bound_at).days == 30


async def test_a_colleagues_phone_claims_nothing(clock: Clock) -> None:
    await open_campaign(clock)
    code = await link_of(await customer(1))
    found = await visitors.customer_of("+8613900000001")
    assert found.kind == "customer"
    with pytest.raises(RuleViolation, match="own_link"):
        await referrals.claim(code, found.id, Seen())


async def test_a_partner_accepts_the_agreement_before_the_first_code(clock: Clock) -> None:
    await open_campaign(clock)
    partner = (await visitors.participant("+8613800000001", "partner", "陈老师")).id
    with pytest.raises(RuleViolation, match="agreement_first"):
        await link_of(partner)
    with pytest.raises(RuleViolation, match="agreement_changed"):
        await referrals.accept_agreement(partner, PLAN, CAMPAIGN, 2)
    await referrals.accept_agreement(partner, PLAN, CAMPAIGN, 1)
    assert await link_of(partner)
    words = await db.value("SELECT words->>'zh_Hans' FROM partner_agreement")
    assert "不夸大" in words
