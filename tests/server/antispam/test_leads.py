"""How leads are counted and judged, exactly under a race; what holds a deal's money (I2, I3)."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from game.antispam import Verdict
from game.lead_spam import LeadLimits, LeadWeights
from server.antispam import facts
from server.antispam.commands import cleared
from server.antispam.devices import note_sighting
from server.antispam.jobs import forget
from server.antispam.leads import deal_subject, judge_deal, judge_lead, lead_subject
from server.kit import crypto, db, ids
from server.people import visitors
from tests.support.cast import DESK, bring_in, person_id
from tests.support.services import Clock

NOON: Final = datetime(2026, 11, 23, 4, tzinfo=UTC)
SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
SALES = [
    ("MEI", "梅", "staff", "总部", "", ""),
    ("BAO", "宝", "staff", "总部", "", ""),
    ("CHEN", "陈", "staff", "总部", "", ""),
    ("DING", "丁", "staff", "总部", "", ""),
]

pytestmark = pytest.mark.usefixtures("pool")


@pytest.fixture(autouse=True)
async def _company(pool: None, clock: Clock) -> None:
    await clock.set(NOON)
    await bring_in([*DESK, *SALES])


def key(phone: str) -> str:
    return f"tel:{crypto.blind_index(crypto.normal_phone(phone)).hex()}"


async def report(
    code: str = "MEI",
    *,
    phone: str = "19900000001",
    device: str = "",
    network: str = "",
    at: datetime = NOON,
    captured_at: datetime | None = None,
    by_customer: bool = False,
    limits: LeadLimits | None = None,
    lead: UUID | None = None,
) -> Verdict:
    return await judge_lead(
        lead or ids.new_id(), await person_id(code), key(phone), device, network, at,
        captured_at=captured_at, by_customer=by_customer, limits=limits, zone=SHANGHAI,
    )  # fmt: skip


async def paced(count: int, **said: object) -> list[Verdict]:
    """Report so many, five minutes apart: nobody hurries."""
    return [
        await report(at=NOON + timedelta(minutes=5 * place), **said)  # type: ignore[arg-type]
        for place in range(count)
    ]


def codes(verdict: Verdict) -> list[str]:
    return [reason.code for reason in verdict.reasons]


async def test_the_sixth_of_a_day_from_one_device_waits_with_its_reason() -> None:
    found = await paced(7, device="d1")
    assert [each.outcome for each in found] == ["clean"] * 5 + ["review"] * 2
    assert codes(found[5]) == ["device_day"]
    assert (found[5].reasons[0].found, found[5].reasons[0].most) == (6, 5)


async def test_exactly_five_of_forty_racing_from_one_device_pass() -> None:
    found = await asyncio.gather(*(report(device="d1") for _ in range(40)))
    assert sorted(each.outcome for each in found) == ["clean"] * 5 + ["review"] * 35
    assert await db.value("SELECT count FROM lead_count WHERE kind = 'device'") == 40


async def test_exactly_five_pass_whoever_races_from_one_device() -> None:
    people = [code for code, *_ in SALES]
    usual = LeadLimits(weights=LeadWeights(device_people=0))
    found = await asyncio.gather(
        *(report(people[turn % 4], device="d1", network="n1", limits=usual) for turn in range(24))
    )
    assert sorted(each.outcome for each in found) == ["clean"] * 5 + ["review"] * 19


async def test_two_devices_and_networks_crosswise_do_not_wait_for_each_other() -> None:
    found = await asyncio.gather(
        *(report(device=f"d{turn % 2}", network=f"n{turn // 2 % 2}") for turn in range(20))
    )
    assert len(found) == 20
    assert await db.value("SELECT sum(count) FROM lead_count") == 60


async def test_a_day_is_one_of_the_plan() -> None:
    # 23:50 in Shanghai, and ten minutes past midnight.
    late = datetime(2026, 11, 23, 15, 50, tzinfo=UTC)
    await asyncio.gather(*(report(device="d1", at=late) for _ in range(5)))
    assert (await report(device="d1", at=late)).outcome == "review"
    assert (await report(device="d1", at=late + timedelta(minutes=20))).outcome == "clean"


async def test_what_was_rolled_back_was_not_counted() -> None:
    async def fail() -> None:
        await report(device="d1")
        raise ZeroDivisionError

    for _ in range(9):
        with pytest.raises(ZeroDivisionError):
            await db.in_transaction(fail)
    assert (await report(device="d1")).outcome == "clean"


async def test_the_same_lead_is_counted_and_judged_once() -> None:
    lead = ids.new_id()
    first = await report(lead=lead, device="d1")
    assert await report(lead=lead, device="d1", phone="19900000002") == first
    assert await db.value("SELECT count FROM lead_count WHERE kind = 'device'") == 1
    assert await cleared(lead_subject(lead))


async def test_a_network_of_the_company_holds_fifty() -> None:
    await db.execute(
        "INSERT INTO registered_network VALUES ('n1', '万达店', $1, $2)",
        await person_id("OP"), NOON,
    )  # fmt: skip
    people = [code for code, *_ in SALES]
    found = [
        await report(people[turn % 4], network="n1", at=NOON + timedelta(minutes=5 * turn))
        for turn in range(51)
    ]
    assert [each.outcome for each in found] == ["clean"] * 50 + ["review"]
    assert codes(found[50]) == ["network_day"]


async def test_what_comes_with_no_device_and_no_network_counts_for_its_person() -> None:
    found = await paced(21)
    assert [each.outcome for each in found] == ["clean"] * 20 + ["review"]
    assert codes(found[20]) == ["person_day"]


async def test_a_hurry_is_looked_at_once_a_day_and_holds_nothing() -> None:
    found = [await report(device=f"d{turn}") for turn in range(5)]
    assert {each.outcome for each in found} == {"clean"}
    waiting = await db.column("SELECT codes FROM verdict WHERE state = 'waiting'")
    assert waiting == [["burst"]]
    # Nothing of theirs is held, so there is nothing to tell.
    assert await db.value("SELECT count(*) FROM notice") == 0


async def test_a_phone_back_from_no_network_sends_all_at_once_and_hurries_nobody() -> None:
    found = [
        await report(device="d1", captured_at=NOON - timedelta(hours=turn)) for turn in range(5)
    ]
    assert [codes(each) for each in found] == [[]] * 5
    # A phone that is ahead of the clock gains nothing by it.
    ahead = [await report("BAO", captured_at=NOON + timedelta(hours=turn)) for turn in range(4)]
    assert codes(ahead[3]) == ["burst"]


async def test_ones_own_phone_and_a_colleagues() -> None:
    await phone_of("MEI", "19900000007")
    assert codes(await report(phone="19900000007")) == ["own_phone"]
    assert codes(await report("BAO", phone="19900000007")) == ["colleague_phone"]
    assert (await report("BAO", phone="19900000007")).outcome == "review"
    await visitors.customer_of("+8619900000008")
    assert codes(await report("CHEN", phone="19900000008")) == []


async def test_a_customer_who_writes_from_the_reporters_phone() -> None:
    await report(device="d1")
    assert codes(await report(device="d1", by_customer=True)) == ["own_device"]
    assert codes(await report("BAO", device="d1", by_customer=True)) == []
    # Where a till stands, everybody uses it.
    await note_sighting("d2", await person_id("CHEN"), "till")
    await report("CHEN", device="d2")
    assert codes(await report("CHEN", device="d2", by_customer=True)) == []


async def test_several_colleagues_on_one_device_are_looked_at() -> None:
    found = [await report(code, device="d1") for code, *_ in SALES]
    assert codes(found[3]) == ["device_people"]
    assert found[3].outcome == "clean"
    assert await db.column("SELECT codes FROM verdict WHERE state = 'waiting'") == [
        ["device_people"]
    ]


async def test_the_person_is_told_what_waits_and_why() -> None:
    await phone_of("BAO", "19900000007")
    await db.execute("INSERT INTO customer VALUES ($1, '199****0007')", key("19900000007"))
    await report(phone="19900000007")
    told = await db.value(
        "SELECT facts FROM notice WHERE kind = 'under_review' AND person = $1",
        await person_id("MEI"),
    )
    assert "199****0007" in told["what"]["zh_Hans"]
    assert told["why"]["en"] == "the customer's phone number belongs to a colleague"


async def test_where_the_check_fails_a_person_looks_and_nothing_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fails(*_: object) -> int:
        raise asyncpg.UndefinedTableError

    await visitors.customer_of("+8619900000008")
    monkeypatch.setattr(facts, "ring_size", fails)
    lead, deal = ids.new_id(), ids.new_id()
    assert codes(await report(lead=lead, phone="19900000008")) == ["unchecked"]
    verdict = await judge_deal(deal, key("19900000008"), await person_id("MEI"), None)
    assert codes(verdict) == ["unchecked"]
    assert not await cleared(lead_subject(lead))
    assert not await cleared(deal_subject(deal))


async def test_a_deal_with_oneself_or_a_colleague_waits() -> None:
    mei, bao = await person_id("MEI"), await person_id("BAO")
    await phone_of("MEI", "19900000007")
    own, ours, theirs = ids.new_id(), ids.new_id(), ids.new_id()
    assert codes(await judge_deal(own, key("19900000007"), bao, mei)) == ["deal_own_phone"]
    verdict = await judge_deal(ours, key("19900000007"), bao, await person_id("CHEN"))
    assert codes(verdict) == ["colleague_phone"]
    assert (await judge_deal(theirs, key("19900000009"), mei, bao)).outcome == "clean"
    assert [await cleared(deal_subject(each)) for each in (own, ours, theirs)] == [
        False, False, True,
    ]  # fmt: skip


async def test_a_deal_with_who_uses_ones_device_or_purse_waits() -> None:
    mei = await person_id("MEI")
    wu = await visitors.customer_of("+8619900000008")
    await note_sighting("d1", mei, "reporter")
    await note_sighting("d1", wu.id, "friend")
    verdict = await judge_deal(ids.new_id(), key("19900000008"), mei, None)
    assert codes(verdict) == ["deal_own_device"]


async def test_what_the_deals_desk_counted_weighs() -> None:
    mei = await person_id("MEI")
    verdict = await judge_deal(
        ids.new_id(), key("19900000009"), None, mei, pair_deals=4, deals=10, refunded=2
    )
    assert codes(verdict) == ["pair_deals", "refunds"]


async def test_devices_and_networks_are_forgotten_after_90_days(clock: Clock) -> None:
    lead = ids.new_id()
    await report(lead=lead, device="d1", network="n1")
    await clock.set(NOON + timedelta(days=8))
    await forget()
    assert await arrival(lead) == ("d1", "")
    await clock.set(NOON + timedelta(days=91))
    await forget()
    assert await arrival(lead) == ("", "")
    assert await db.value("SELECT count(*) FROM lead_count") == 0
    assert await db.value("SELECT count(*) FROM sighting") == 0
    # What was decided stays.
    assert await cleared(lead_subject(lead))


async def arrival(lead: UUID) -> tuple[str, str]:
    found = await db.value("SELECT array[device, network] FROM lead_arrival WHERE lead = $1", lead)
    return found[0], found[1]


async def phone_of(code: str, phone: str) -> None:
    """Give a colleague a phone."""
    person, number = await person_id(code), crypto.normal_phone(phone)
    sealed = crypto.seal(number, "person_phone", "ciphertext", str(person))
    await db.execute(
        "INSERT INTO person_phone (person, blind_index, ciphertext, wrapped_key)"
        " VALUES ($1, $2, $3, $4)",
        person, crypto.blind_index(number), sealed.ciphertext, sealed.wrapped_key,
    )  # fmt: skip
