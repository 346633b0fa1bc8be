"""Challenges, referrals and rewards count for badges too, and a refund takes its badge back."""

from uuid import UUID

import pytest

from game.ledger import award
from game.plan import template
from server.actions import commands as actions
from server.actions.commands import Report
from server.badges.verification import verify
from server.challenges import jobs as challenges
from server.coupons import commands as coupons
from server.kit import db, ids
from server.ledger import commands as ledger_commands
from server.ledger import verification as ledger
from server.ledger.commands import Transfer
from server.rewards import catalogue
from server.rewards import commands as rewards
from server.rewards.catalogue import Terms
from tests.support import friends, launch_day
from tests.support.badges import held, news
from tests.support.cast import launch, person_id
from tests.support.services import Clock

pytestmark = pytest.mark.usefixtures("app")


async def of_template(code: str, badge: str) -> set[str]:
    """What somebody holds of one badge of the template."""
    return {each for each in (await held()).get(code, set()) if each.startswith(f"{badge} ")}


async def test_a_challenge_that_is_reached_counts_for_its_members(clock: Clock) -> None:
    await launch_day.open_shop(clock)
    await launch(template("full-participation"))
    day = await launch_day.make_day("SM", "MEI", "BAO", "CHEN")
    await launch_day.join(day, "MEI", "BAO")
    await _reach()
    await clock.set(launch_day.NIGHT)
    await challenges.end({"challenge": str(day)})
    assert await launch_day.state_of(day) == "paid"
    assert await of_template("MEI", "summit") == {"summit bronze"}
    assert await of_template("BAO", "summit") == {"summit bronze"}
    assert await of_template("CHEN", "summit") == set(), "asked, but never joined"
    assert await verify() == []


async def _reach() -> None:
    done = [("MEI", "visit", "A-1"), ("BAO", "visit", "A-2"), ("MEI", "call", ""), ("MEI", "call", ""),
            ("BAO", "call", "")]  # fmt: skip
    for code, kind, customer in done:
        said = Report(plan="shop", kind=kind, customer=customer)
        reported = await actions.report(await person_id(code), said)
        await actions.decide(reported.action, await person_id("OP"), "accepted")


async def test_a_refund_takes_back_the_badge_of_a_referral_and_says_why(clock: Clock) -> None:
    await friends.open_campaign(clock)
    await launch(template("full-participation"))
    me = await person_id("MEI")
    first = await friends.bring(me, 2)
    placed = await friends.order(first)
    assert await of_template("MEI", "word_of_mouth") == {"word_of_mouth bronze"}
    await coupons.refund(placed, await person_id("AN"), "尺寸不合")
    assert await held() == {}
    kind, facts = (await news("MEI"))[-1]
    assert kind == "badge_revoked"
    name = await db.value("SELECT name FROM person WHERE id = $1", first)
    assert (facts["what"]["en"], facts["reason"]["en"]) == (name, "the order was refunded")
    assert await verify() == []
    assert await ledger.verify() == []


async def test_customers_hold_no_badges_for_their_referrals(clock: Clock) -> None:
    await friends.open_campaign(clock)
    await launch(template("full-participation"))
    await friends.order(await friends.bring(await friends.customer(1), 2))
    assert await held() == {}


async def test_a_reward_counts_when_it_is_handed_over(clock: Clock) -> None:
    await friends.open_campaign(clock)
    await launch(template("full-participation"))
    me = await person_id("MEI")
    redemption = await _redeemed(me)
    assert await held() == {}, "nothing is in hand yet"
    code = await db.value("SELECT code FROM redemption WHERE id = $1", redemption)
    await rewards.hand_over(redemption, await person_id("AN"), code)
    assert await of_template("MEI", "gourd") == {"gourd bronze"}
    assert await verify() == []


async def _redeemed(person: UUID) -> UUID:
    """Somebody with ten points redeems a gift for them."""
    await ledger_commands.post(
        Transfer(
            id=ids.new_id(),
            kind="award",
            reference=str(ids.new_id()),
            actor=None,
            facts={},
            posting=award(str(person), 10),
        )
    )
    title = dict.fromkeys(("zh_Hans", "zh_Hant", "en"), "Cup")
    terms = Terms(kind="gift", title=title, about=title, points=10)
    reward = await catalogue.create(terms, None, await person_id("OP"))
    return await rewards.redeem(reward, person, 10)
