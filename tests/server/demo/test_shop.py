"""What goes on by itself in the stores of the demo: walk-in customers, and one day after another."""

from collections.abc import Callable
from random import Random

import pytest

from server.challenges import commands as challenges
from server.demo import company, everyday, store_day, till, word_of_mouth
from server.demo.colleagues import STEPS, Colleagues
from server.demo.phones import Phone
from server.demo.stage import Stage
from server.kit import clock as moments
from server.kit import db
from server.ledger.verification import verify
from tests.support.services import Clock

pytestmark = pytest.mark.usefixtures("demo")


async def test_a_walk_in_customer_redeems_what_is_given_to_them(clock: Clock) -> None:
    await clock.set(await clock.now())
    await launch_everything()
    for _ in range(2):
        await clock.advance(minutes=3)
        await till.serve(Random(1))
    assert await db.value("SELECT count(*) FROM customer_order") == 2
    assert await db.column("SELECT DISTINCT state FROM coupon") == ["redeemed"]


async def test_a_day_follows_the_next_and_everybody_but_the_visitor_is_in(
    clock: Clock, phone: Callable[[str], Phone]
) -> None:
    await clock.set(await clock.now())
    await launch_everything()
    day = await store_day.look()
    assert day is not None
    assert await store_day.look() is None, "one is on"
    joined = await db.column(
        "SELECT p.code FROM challenge_member m JOIN person p ON p.id = m.person"
        " WHERE joined_at IS NOT NULL ORDER BY p.code"
    )
    assert joined == [each for each in company.staff_of(1) if each != "S102"]

    colleagues = Colleagues(phone, Random(1))
    for _ in range(8):
        await colleagues.step(await clock.advance(seconds=40))
    kinds = await db.column("SELECT DISTINCT kind FROM action")
    assert set(kinds) <= STEPS.keys()

    await clock.advance(hours=5)
    await challenges.end(day)
    assert await store_day.look() not in {None, day}
    assert await verify() == []


async def launch_everything() -> None:
    """Launch both plans as the story does, without the rest of it."""
    stage = Stage(await moments.now())
    await stage.meet()
    await everyday.launch(stage)
    await word_of_mouth.Story(stage).launch(stage.today)
