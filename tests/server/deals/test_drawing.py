"""The draw of call-backs as it is kept: an auditor draws again and finds the same (I4)."""

import hashlib
import hmac
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import msgspec

from server.deals import commands, drawing, queries
from server.kit import db
from tests.support.cast import person_id
from tests.support.deals import CAME, WEDNESDAY, check, deal, open_desk
from tests.support.services import Clock

Heard = list[Any]
N = 40


class Kept(msgspec.Struct):
    deal: str
    seller: str
    number: str
    lowest: str
    share: str
    why: str


async def test_an_auditor_draws_again_and_finds_the_same(clock: Clock, heard: Heard) -> None:
    """Recomputed here from the told secret alone, by the rule as the page of draws says it."""
    await open_desk(clock, share="1/10", weekly="true")
    for place in range(N):
        seller = ("SAL", "TIM")[place % 2]
        await check(await deal(f"HT-{place}", seller, customer=f"C-{place}"))
    secret = drawing.secret_of("sold", WEDNESDAY.date())
    assert await drawing.fingerprint("sold", WEDNESDAY.date()) == hashlib.sha256(secret).hexdigest()
    lowest: dict[str, str] = {}
    for one in await drawing.drawn_on("sold", WEDNESDAY.date()):
        number = hmac.new(secret, str(one.deal).encode(), "sha256").hexdigest()
        assert (one.number, one.lowest) == (number, lowest.get(one.seller, ""))
        share = Fraction(one.share)
        by_chance = int(number, 16) % share.denominator < share.numerator
        by_week = number < lowest.get(one.seller, "g")
        assert one.why == ("share" if by_chance else "week" if by_week else "")
        lowest[one.seller] = min(number, lowest.get(one.seller, "g"))
        found = await queries.deal(one.deal)
        assert (found.call, found.state) == (
            ("waiting", "checked") if one.why else ("none", "counted")
        )
    drawn = await db.column("SELECT seller FROM deal_draw WHERE why <> ''")
    assert len(set(drawn)) == 2
    assert len(heard) == N - len(drawn)


async def test_at_least_one_of_each_seller_and_week(clock: Clock, heard: Heard) -> None:
    await open_desk(clock, share="0/1", weekly="true")
    for week in range(3):
        await clock.set(WEDNESDAY + timedelta(days=7 * week))
        for place in range(3):
            for seller in ("SAL", "TIM"):
                contract = f"HT-{week}-{place}-{seller}"
                await check(await deal(contract, seller, customer=f"C-{contract}"))
    found = await db.column(
        "SELECT d.contract FROM deal_draw w JOIN deal d ON d.id = w.deal WHERE w.why = 'week'"
    )
    weeks = Counter((each.split("-")[1], each.split("-")[3]) for each in found)
    assert len(weeks) == 6
    # The lowest number of a whole week is always among them.
    lowest = await db.column(
        "SELECT DISTINCT ON (seller, day) why FROM deal_draw ORDER BY seller, day, number"
    )
    assert lowest == ["week"] * 6


async def test_who_is_looked_at_more_closely(clock: Clock, heard: Heard) -> None:
    await open_desk(clock)
    await clock.set(CAME + timedelta(days=13))
    await check(await deal("HT-NEW", made_at=CAME, customer="C-1"))
    await clock.set(WEDNESDAY)
    await check(await deal("HT-USUAL", customer="C-2"))
    await db.execute(
        "INSERT INTO verdict (id, subject, person, others, outcome, score, reasons, codes, state,"
        " at) VALUES (gen_random_uuid(), 'referral:x', $1, '{}', 'clean', 30, '[]', '{}',"
        " 'cleared', $2)",
        await person_id("SAL"), WEDNESDAY,
    )  # fmt: skip
    await check(await deal("HT-WATCHED", customer="C-3"))
    # What a person cleared is no suspicion any more.
    await db.execute(
        "UPDATE verdict SET outcome = 'review', score = 70 WHERE subject = 'referral:x'"
    )
    await check(await deal("HT-CLEARED", customer="C-4"))
    found = await db.column(
        "SELECT d.contract || ' ' || w.standing FROM deal_draw w JOIN deal d ON d.id = w.deal"
        " ORDER BY w.day, w.turn"
    )
    assert found == [
        "HT-NEW new", "HT-USUAL usual", "HT-WATCHED watched", "HT-CLEARED usual",
    ]  # fmt: skip


async def test_every_day_and_plan_has_a_secret_of_its_own(settings: object) -> None:
    del settings
    day = date(2026, 11, 25)
    secrets = {
        drawing.secret_of("sold", day),
        drawing.secret_of("sold", day + timedelta(days=1)),
        drawing.secret_of("other", day),
    }
    assert len(secrets) == 3
    assert len(drawing.secret_of("sold", day)) == 32


async def test_a_call_back_nobody_answered_comes_last(clock: Clock, heard: Heard) -> None:
    await open_desk(clock, share="1/1")
    found = [await deal(f"HT-{place}", customer=f"C-{place}") for place in range(3)]
    for each in found:
        await check(each)
    service = await person_id("SER")
    assert [each.id for each in await queries.queue("call", service)] == found
    await commands.called(found[0], service, "unreached")
    await commands.called(found[1], service, "unreached")
    await commands.called(found[0], service, "unreached")
    queue = await queries.queue("call", service)
    assert [each.id for each in queue] == [found[2], found[1], found[0]]
    assert heard == []
